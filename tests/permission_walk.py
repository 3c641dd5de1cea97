"""Asking one address in one actor's name, and saying which kind of answer it was."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests import permissions
from tests.permission_actors import County
from tests.permissions import PLACES, Row

MAY, SIGN_IN, FORBIDDEN, HIDDEN, CLOSED, NOTHING = "may", "sign-in", "forbidden", "hidden", "closed", "nothing"
SIGN_INS = ("accounts:sign_in", "accounts:pin", "portal:sign_in")
WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE)
MOMENT = re.compile(r'data-at="[^"]*"')  # when the page was made
HOUSEKEEPING = {"django_session"}  # the browser's own session, not the county's rows
FORM_SAYS_NO = {400, 409, 410, 422, 429}


@dataclass(frozen=True, slots=True)
class Cell:
    """One question: this row, in this actor's name, about the thing at this place (“” where it names none)."""

    row: Row
    actor: str
    place: str
    method: str

    @property
    def wanted(self) -> str:
        row, may = self.row, self.row.get if self.method == "GET" else self.row.post
        if not may:
            return CLOSED
        if self.actor not in row.opens:
            return FORBIDDEN if self.actor in permissions.STAFF and row.opens & permissions.STAFF else SIGN_IN
        if row.only_in_demo:
            return HIDDEN
        if row.is_about(self.method) and not permissions.reaches(self.actor, row.of, self.place):
            return row.foreign
        return MAY if self.actor in may else NOTHING if row.foreign == NOTHING else FORBIDDEN

    def __str__(self) -> str:
        more = "".join(f" {value}" for value in self.row.more.values())
        return f"{self.method:4} {self.row.name}{more} · {self.actor} · {self.place or '—'}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its kind, the tables it wrote to, and whose names stand in it."""

    kind: str
    status: int
    wrote: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    text: str = ""
    to: str = ""  # the path that a redirect leads to


@dataclass(slots=True)
class Walk:
    """Everything that was asked, how often somebody acted, and where an answer was not the wanted one."""

    asked: int = 0
    acted: int = 0
    wrong: list[str] = field(default_factory=list)

    def report(self) -> str:
        return "\n".join([f"{len(self.wrong)} of {self.asked} cells are not as the table says:", *self.wrong])


def cells(rows: Sequence[Row], county: County) -> Iterator[Cell]:
    for row in rows:
        places = [*county.things[row.of]] if row.of else [""]
        for actor in county.browsers:
            asked = places if actor in row.opens else places[:2]
            yield from (Cell(row, actor, place, "GET") for place in (asked if row.get else asked[:1]))
            yield from (Cell(row, actor, place, "POST") for place in (asked if row.post else asked[:1]))


def walk(rows: Sequence[Row], county: County) -> Walk:
    walked = Walk()
    unknown: dict[tuple[str, str, str], str] = {}
    for cell in cells(rows, county):
        answer = ask(cell, county)
        walked.asked += 1
        walked.acted += bool(answer.wrote)
        walked.wrong += [f"{cell}: {fault}" for fault in faults(cell, answer, county)]
        if answer.kind == HIDDEN and cell.wanted == HIDDEN:
            page = unknown.setdefault((cell.row.name, cell.actor, cell.method), answer.text)
            if page != answer.text:
                walked.wrong.append(f"{cell}: its 404 differs from that of another place, and so says that it exists")
    return walked


def ask(cell: Cell, county: County) -> Answer:
    """Ask in a transaction that is taken back, in a browser as it was."""
    browser = county.browsers[cell.actor]
    written: set[str] = set()

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done, found = execute(sql, params, many, context), WRITES.match(sql)
        if found and context["cursor"].rowcount:
            written.add(found[1])
        return done

    before, point = browser.cookies.output(), transaction.savepoint()
    path = path_of(cell, county)
    with connection.execute_wrapper(noted):
        response = _sent(browser, cell, county, path)
    transaction.savepoint_rollback(point)
    browser.cookies = SimpleCookie()
    browser.cookies.load(before.replace("Set-Cookie:", ""))
    text = MOMENT.sub("", _text(response)).replace(path, "")
    named = frozenset(place for place in PLACES for mark in county.marks[place] if mark in text)
    return Answer(
        _kind(cell, response), response.status_code, frozenset(written - HOUSEKEEPING), named, text, _to(response)
    )


def path_of(cell: Cell, county: County) -> str:
    in_path = {cell.row.at: _key(cell, county)} if cell.row.of and cell.row.at else {}
    query = cell.row.query.format(key=_key(cell, county))
    return reverse(cell.row.name, kwargs={**in_path, **cell.row.more}) + query


def _key(cell: Cell, county: County) -> str:
    return str(county.things[cell.row.of][cell.place]) if cell.row.of else ""


def _sent(browser: Client, cell: Cell, county: County, path: str) -> Any:
    body = {name: value.format(key=_key(cell, county)) for name, value in cell.row.body.items()}
    return browser.get(path) if cell.method == "GET" else browser.post(path, body)


def _text(response: Any) -> str:
    is_text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
    return str(response.content.decode()) if is_text else ""


def _to(response: Any) -> str:
    return str(urlsplit(response.headers.get("Location", "")).path)


def _kind(cell: Cell, response: Any) -> str:
    known = {401: SIGN_IN, 403: FORBIDDEN, 404: HIDDEN, 405: CLOSED}
    if response.status_code in known:
        return known[response.status_code]
    if 300 <= response.status_code < 400:
        gates = {reverse(name) for name in SIGN_INS if name != cell.row.ends_at}
        return SIGN_IN if _to(response) in gates else MAY
    return MAY if response.status_code in {200, *FORM_SAYS_NO} else f"status {response.status_code}"


def faults(cell: Cell, answer: Answer, county: County) -> Iterator[str]:
    """What is wrong with an answer, in words."""
    wanted = cell.wanted
    if wanted in (CLOSED, NOTHING):
        fits = answer.status < 500 and not (wanted == CLOSED and answer.kind == MAY)
    else:
        fits = answer.kind == wanted
    if not fits:
        yield f"got {answer.kind} ({answer.status}), wanted {wanted}"
    if wanted != MAY and answer.wrote:
        yield f"turned away ({answer.status}), yet it wrote to {', '.join(sorted(answer.wrote))}"
    foreign = {place for place in answer.named if place not in permissions.REACH.get(cell.actor, ())}
    if foreign and not cell.row.names_all:
        yield f"names the thing of: {', '.join(sorted(foreign))}"
