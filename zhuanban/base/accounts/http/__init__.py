"""Who asks, over HTTP: the middleware, and what a page demands of its asker."""

from zhuanban.base.accounts.http.guards import needs, reauthenticated
from zhuanban.base.accounts.http.requests import Request, address_of
from zhuanban.base.accounts.http.sessions import WhoAsks, locked_out

__all__ = ["Request", "WhoAsks", "address_of", "locked_out", "needs", "reauthenticated"]
