"""docs/check-in.md is run: every curl command as it stands there, and what the line below it promises."""

import argparse
import json
import re
import secrets
import shlex
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as configured

from zhuanban.base import errors
from zhuanban.base.spans import day_of
from zhuanban.registry.people import rules as people
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.tests.conftest import NOW, SESSION, County
from zhuanban.trail.gate.tests.phone import Answer, Phone
from zhuanban.trail.gate.tests.test_family import refs
from zhuanban.trail.visits import actions as journal
from zhuanban.trail.visits import rules as visits
from zhuanban.trail.visits.rules import VisitId, write_id

PAGE = (Path(configured.ROOT) / "docs" / "check-in.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)

CURL = argparse.ArgumentParser()
CURL.add_argument("curl")
CURL.add_argument("url")
CURL.add_argument("-s", action="store_true")
CURL.add_argument("-i", action="store_true")
CURL.add_argument("-X", default="")
CURL.add_argument("-b", default="")
CURL.add_argument("-H", action="append", default=[])
CURL.add_argument("-d", default="")
CURL.add_argument("--data-urlencode", action="append", default=[])


def commands(block: str) -> list[tuple[str, str]]:
    """(command, the promise on the line below it)"""
    joined = block.replace("\\\n", " ")
    return re.findall(r"^(curl .*)\n?(?:# (.*))?$", joined, re.MULTILINE)


def run(county: County, command: str) -> Answer:
    """One curl command, spelled as a shell would read it, through the gate's ASGI application."""
    asked = CURL.parse_args(shlex.split(command))
    headers = dict(re.split(r":\s*", header, maxsplit=1) for header in asked.H)
    body = asked.d or "&".join(f"{k}={quote(v)}" for k, _, v in (pair.partition("=") for pair in asked.data_urlencode))
    if asked.data_urlencode:
        headers["content-type"] = "application/x-www-form-urlencoded"
    phone = Phone(county.gate)
    name, _, value = asked.b.partition("=")
    if name:
        phone.cookies[{"zb": SESSION}[name]] = value
    path = asked.url.removeprefix("http://127.0.0.1:8000")
    lower = {key.lower(): text for key, text in headers.items()}
    return phone.ask(asked.X or ("POST" if body else "GET"), path, body.encode(), headers=lower)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_example_does_what_the_page_says(county: County, block: str) -> None:
    phone = county.phone("王小花")
    known = {
        "DOOR": county.path(),
        "OTHER_DOOR": county.path("敬老院"),
        "SESSION": phone.cookies[SESSION],
        "MEMBER": refs(phone, county.path())["李*英"],
        "ID": write_id(VisitId(day_of(NOW), secrets.token_bytes(12))),
    }

    for command, promise in commands(block):
        answer = run(county, Template(command).substitute(known))
        status, *told = (promise or "200").split()
        everything = f"{answer.headers} {answer.text}"
        assert answer.status == int(status), (command, answer.text)
        assert [word for word in told if word not in everything] == []


def test_the_answer_on_the_page_has_the_fields_of_a_real_one(county: County) -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])

    told = county.phone("王小花").scan(county.path()).json

    assert list(told) == list(shown) and list(told["people"][0]) == list(shown["people"][0])


def test_every_refusal_of_the_gate_is_in_the_table_with_its_status() -> None:
    table = {
        code: int(status)
        for status, codes in re.findall(r"^\| (\d{3}) \| (`.*?) \|", PAGE, re.MULTILINE)
        for code in re.findall(r"`(\w+)`", codes)
    }
    kinds: list[Any] = [
        *(kind for kind in vars(rules).values() if isinstance(kind, type) and issubclass(kind, errors.Refusal)),
        *(people.BadName, people.BadPhone, visits.IdTaken, visits.BadVisitId, journal.JournalDown),
    ]
    raised = {kind.code: kind.status for kind in kinds if kind not in (errors.Refusal, rules.GateDown)}

    assert table == {**raised, "BUG": 500}
