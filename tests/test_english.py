"""The English catalogue is complete and compiled."""

import re

import polib

from tests import messages

PLACEHOLDER = re.compile(r"%(?:\([a-z_0-9]+\))?[sd%]|\{[a-z_0-9]*\}|[⟦⟧]|</?b>")
MONTH = re.compile(r"%\((?:month|mon)\)[sd]|\{(?:month|mon)\}")  # a month is a number in Chinese, a name in English


def test_every_string_has_its_english() -> None:
    translated = {entry.msgid for entry in messages.read().translated_entries()}

    missing = {text: place for text, place in messages.messages().items() if text not in translated}

    assert missing == {}


def test_a_translation_keeps_its_placeholders() -> None:
    entries = messages.read().translated_entries()

    broken = [e.msgid for e in entries if _placeholders(e.msgid) != _placeholders(e.msgstr)]

    assert broken == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))

    assert {e.msgid: e.msgstr for e in compiled} == {e.msgid: e.msgstr for e in messages.read().translated_entries()}


def test_no_translation_is_still_chinese() -> None:
    chinese = [e.msgid for e in messages.read().translated_entries() if messages.CHINESE.search(e.msgstr)]

    assert [text for text in chinese if "专班" not in text and "场所码" not in text and "中文" not in text] == []


def _placeholders(text: str) -> set[str]:
    """As a set: a Chinese sentence may count its noun twice where an English one does so once."""
    return set(PLACEHOLDER.findall(MONTH.sub("{month}", text)))
