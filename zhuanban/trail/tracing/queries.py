"""What the faces ask the keeper, over its socket."""

import http.client
import json
import socket

from django.conf import settings

from zhuanban.base.errors import Refusal, SignInFirst
from zhuanban.trail.tracing import rules
from zhuanban.trail.tracing.rules import OwnVisit

TIMEOUT = 2  # seconds; the page says what is missing rather than wait longer
GOOD = 200


class KeeperDown(Refusal):
    """The keeper does not answer: past days cannot be read just now, and nothing is lost."""

    code = "KEEPER_DOWN"
    status = 503


class _Line(http.client.HTTPConnection):
    """HTTP over a UNIX socket."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(settings.KEEPER_SOCKET)


def own_visits(session_token: str) -> list[OwnVisit]:
    """A resident's visits of past days, newest first, by the resident's own proof. Raises: KeeperDown, SignInFirst."""
    line = _Line("keeper")
    try:
        line.request("POST", "/own", json.dumps({"session": session_token}), {"content-type": "application/json"})
        answer = line.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as fault:
        raise KeeperDown("以前的记录暂时读不到，没有丢失，请过几分钟再看") from fault
    finally:
        line.close()
    if answer.status == SignInFirst.status:
        raise SignInFirst("请先登录")
    if answer.status != GOOD:
        raise KeeperDown("以前的记录暂时读不到，没有丢失，请过几分钟再看")
    return rules.read_visits(json.loads(content)["visits"])
