"""The gate's own catalogue reading, and its page machine."""

import importlib
from pathlib import Path

import pytest
from django.conf import LazySettings

from zhuanban.base.spans import COUNTY_TIME, MONTHS
from zhuanban.trail.gate.http import markup, times, words
from zhuanban.trail.gate.http.markup import Html
from zhuanban.trail.gate.tests.conftest import NOW, County


@pytest.fixture
def english(settings: LazySettings, tmp_path: Path) -> Path:
    """A catalogue of two words."""
    polib = importlib.import_module("polib")  # it has no types
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="登记进门", msgstr="Check in"))
    catalogue.append(polib.POEntry(msgid="{month} 月 {day} 日", msgstr="{day} {mon}"))
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]
    words._catalogue.cache_clear()
    return folder


def test_a_page_is_english_where_the_catalogue_knows_the_words(county: County, english: Path) -> None:
    phone = county.phone("王小花")
    phone.cookies["lang"] = "en"

    page = phone.get(county.path()).text

    words._catalogue.cache_clear()
    assert english.exists() and "Check in" in page and "谁一起进门" in page
    assert MONTHS[NOW.month - 1] in page or MONTHS[NOW.month % 12] in page


def test_without_a_catalogue_the_source_strings_are_shown(settings: LazySettings, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path / "nothing"]
    words._catalogue.cache_clear()

    assert words.words("en")("登记进门") == "登记进门"
    words._catalogue.cache_clear()


def test_whatever_is_filled_in_is_escaped_unless_it_is_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "FOLDER", tmp_path)
    (tmp_path / "one.html").write_text("<!-- for authors -->\n<p>\n   $a\n   $b_1\n</p>\n")

    filled = markup.fill("one", {"a": '<b>"', "b_1": Html("<i>")})

    assert filled == "<p>\n&lt;b&gt;&quot;\n<i>\n</p>\n"
    with pytest.raises(KeyError):
        markup.fill("one", {"a": ""})


def test_a_sentence_may_carry_one_emphasis_and_nothing_else() -> None:
    assert markup.rich("已报⟦<镇>⟧") == "已报<b>&lt;镇&gt;</b>"


def test_midnight_ends_the_day_before() -> None:
    midnight = NOW.astimezone(COUNTY_TIME).replace(day=24, month=11, hour=0, minute=0, second=0)

    assert times.moment(midnight, words.words("zh-hans")) == "11 月 23 日 24:00"
    assert times.since(midnight, midnight.replace(day=25), words.words("zh-hans")) == "11 月 23 日 24:00"
