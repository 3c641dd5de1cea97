"""The gate's languages, without Django: source strings are Chinese, the catalogue is the same one the desk uses."""

import gettext
from collections.abc import Callable
from functools import cache

from django.conf import settings

Words = Callable[[str], str]  # a page takes it as `_`, so that extraction finds its strings

CHINESE, ENGLISH = "zh-hans", "en"


def words(language: str) -> Words:
    """Raises nothing: without a catalogue the source strings are shown."""
    return _catalogue(ENGLISH).gettext if language == ENGLISH else _same


def chosen(cookie: str, accepted: str) -> str:
    """The language somebody chose, else the first of ours that the browser asks for, else Chinese."""
    if cookie in (CHINESE, ENGLISH):
        return cookie
    for wish in accepted.lower().split(","):
        tongue = wish.split(";")[0].strip()[:2]
        if tongue in ("zh", "en"):
            return ENGLISH if tongue == "en" else CHINESE
    return CHINESE


def _same(text: str) -> str:
    return text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", settings.LOCALE_PATHS[0], [language], fallback=True)
