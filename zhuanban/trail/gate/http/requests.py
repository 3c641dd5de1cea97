"""A request as ASGI hands it over, read only as far as it is needed."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from zhuanban.trail.gate import rules
from zhuanban.trail.gate.rules import BadMethod, BadType, CrossSite, TooLarge
from zhuanban.trail.gate.rules import _ as mark

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
OURS = frozenset({"", "same-origin", "none"})  # values of Sec-Fetch-Site that are not another site's page


@dataclass(slots=True)
class Request:
    """Headers by name, the cookies, and how the body is to be read."""

    scope: Scope
    headers: dict[bytes, bytes] = field(init=False)
    cookies: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        pairs = self.scope["headers"]
        self.headers = dict(pairs)
        jar = [value for name, value in pairs if name == b"cookie"]  # HTTP/2 may send several
        self.cookies = _cookies(b";".join(jar).decode("latin-1"))

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    def header(self, name: bytes) -> str:
        value = self.headers.get(name)
        return value.decode("latin-1") if value is not None else ""

    def asked(self, name: str) -> str:
        """One value of the query string."""
        text = self.scope.get("query_string", b"").decode("latin-1")
        if name not in text:
            return ""
        try:
            return str(parse_qs(text, max_num_fields=20).get(name, [""])[-1])
        except ValueError:
            return ""

    @property
    def kind(self) -> str:
        """The body's media type without its parameters."""
        return self.header(b"content-type").partition(";")[0].strip().lower()

    @property
    def wants_page(self) -> bool:
        """Whether a browser reads the answer: a form's, or one that prefers HTML."""
        return self.kind == FORM or (self.kind != JSON and "text/html" in self.header(b"accept"))

    def need_method(self, *allowed: str) -> None:
        """Raises: BadMethod."""
        if self.method not in allowed:
            raise BadMethod(mark("这个地址不接受这种请求"), allow=", ".join(allowed))

    def need_type(self, *kinds: str) -> str:
        """Raises: BadType."""
        if self.kind not in kinds:
            raise BadType(mark("请用 application/json 或表单提交"))
        return self.kind

    def need_same_site(self) -> None:
        """Raises: CrossSite — a browser says that another site's page has sent it. A caller without Origin is none."""
        said, origin = self.header(b"sec-fetch-site"), self.header(b"origin")
        is_ours = said in OURS and (said == "same-origin" or not origin or self._is_own(origin))
        if not is_ours:
            raise CrossSite(mark("请在本页面上登记，不能从别的网站提交"))

    def _is_own(self, origin: str) -> bool:
        return urlsplit(origin).netloc == self.header(b"host")


def _cookies(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in text.split(";"):
        name, sign, value = pair.partition("=")
        if sign:
            found.setdefault(name.strip(), value.strip())
    return found


async def body_of(request: Request, receive: Receive, *, most: int = rules.MAX_BODY) -> bytes:
    """Raises: TooLarge, as soon as it is known to be."""
    length = request.header(b"content-length")
    if length.isdigit() and int(length) > most:
        raise TooLarge(mark("内容太大"))
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body") and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > most:
        raise TooLarge(mark("内容太大"))
    return bytes(body)
