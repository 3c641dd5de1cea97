"""A resident's phone, as far as the gate can tell: requests in, answers out, cookies kept. No network, no server."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from zhuanban.trail.gate.asgi import Gate

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass(slots=True)
class Phone:
    """One browser. `cookies` are sent with every request, and change by what comes back."""

    gate: Gate
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=_spelled(headers))

    def scan(self, path: str, content: Mapping[str, Any] | None = None, /, **fields: Any) -> Answer:
        """What the page's script sends."""
        body = json.dumps({**(content or {}), **fields}).encode()
        return self.ask("POST", path, body, headers={"content-type": "application/json"})

    def submit(self, path: str, *pairs: tuple[str, str], **headers: str) -> Answer:
        """What the page's form sends without script."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(pairs).encode(), headers={**kind, **_spelled(headers)})

    def ask(self, method: str, path: str, body: bytes = b"", *, headers: Headers | None = None) -> Answer:
        return asyncio.run(self.asked(method, path, body, headers=headers))

    async def asked(self, method: str, path: str, body: bytes = b"", *, headers: Headers | None = None) -> Answer:
        """For many at once, within one event loop."""
        sent: list[Any] = []
        parts = [body[start : start + 1000] for start in range(0, max(len(body), 1), 1000)]

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.gate(self._scope(method, path, headers or {}), receive, send)
        answer = _answer(sent)
        for name, value in answer.headers:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer

    def _scope(self, method: str, path: str, headers: Headers) -> dict[str, Any]:
        address, _, query = path.partition("?")
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {"host": "gate.test", **({"cookie": jar} if jar else {}), **headers}
        return {
            "type": "http",
            "method": method,
            "path": address,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }


def _spelled(headers: Headers) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _answer(sent: list[Any]) -> Answer:
    start, *rest = sent
    headers = [(name.decode(), value.decode()) for name, value in start["headers"]]
    return Answer(start["status"], headers, b"".join(message.get("body", b"") for message in rest))
