"""The English catalogue is complete and compiled."""

import json
import re

import polib
from django.test import RequestFactory
from django.utils import translation

from tests import messages
from zhuanban.base.errors import NotFound
from zhuanban.base.ui import http

PLACEHOLDER = re.compile(r"%(?:\([a-z_0-9]+\))?[sd%]|\{[a-z_0-9]*\}|[⟦⟧]|</?b>")
MONTH = re.compile(r"%\((?:month|mon)\)[sd]|\{(?:month|mon)\}")  # a month is a number in Chinese, a name in English


def test_every_string_has_its_english() -> None:
    translated = {messages.key(entry) for entry in messages.read() if all(messages.english(entry))}

    missing = {message: place for message, place in messages.messages().items() if message not in translated}

    assert missing == {}


def test_a_translation_keeps_its_placeholders() -> None:
    sentences = [(entry.msgid, said) for entry in _translated() for said in messages.english(entry)]

    broken = [said for chinese, said in sentences if _placeholders(chinese) != _placeholders(said)]

    assert broken == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))

    written = {messages.key(entry): messages.english(entry) for entry in _translated()}

    assert {messages.key(entry): messages.english(entry) for entry in compiled} == written


def test_no_translation_is_still_chinese() -> None:
    said = [one for entry in _translated() for one in messages.english(entry)]

    assert [one for one in said if messages.CHINESE.search(one)] == []


def test_a_refusal_is_said_in_the_language_of_the_page(rf: RequestFactory) -> None:
    request = rf.get("/desk/venues/1", headers={"accept": "application/json"})

    with translation.override("en"):
        answer = http.refuse(request, NotFound("没有这个场所"))

    assert json.loads(answer.content) == {"code": "NOT_FOUND", "message": "No such venue"}


def _translated() -> list[polib.POEntry]:
    entries: list[polib.POEntry] = messages.read().translated_entries()
    return entries


def _placeholders(text: str) -> set[str]:
    """As a set: a Chinese sentence may count its noun twice where an English one does so once."""
    return set(PLACEHOLDER.findall(MONTH.sub("{month}", text)))
