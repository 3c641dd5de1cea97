"""The small parts: what they write, and that they never say more than is known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from zhuanban.base.ui import http, rules
from zhuanban.base.ui.templatetags import ui

AT = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)  # 10:24 in the county


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context({"at": AT, **context}))


@pytest.mark.parametrize("colour", ["GREEN", "green", "YELLOW", "RED", "UNVERIFIED"])
def test_a_health_chip_has_colour_shape_and_word(colour: str) -> None:
    chip = ui.health(colour)

    assert f"h-{colour.lower()}" in chip and "<svg" in chip and chip.rstrip("</span>")[-1] in "码验"


@pytest.mark.parametrize("colour", ["", "None", "GREENISH", "绿码"])
def test_anything_unknown_is_unverified_and_never_green(colour: str) -> None:
    chip = ui.health(colour)

    assert "h-unverified" in chip and "未核验" in chip and "green" not in chip


def test_every_shape_of_health_is_its_own() -> None:
    shapes = {ui.drawings()[f"h-{name}"] for name in ui.HEALTH}

    assert len(shapes) == 4


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in ui.icon("door")
    assert 'aria-label="&lt;门&gt;"' in ui.icon("door", "<门>") and "icon-big" in ui.icon("door", size="big")


def test_a_badge_is_escaped_and_draws_its_tone() -> None:
    assert "badge-late" in ui.badge("<b>", "late") and "&lt;b&gt;" in ui.badge("<b>", "late")
    assert "<svg" not in ui.badge("停用", "off") and "<svg" in ui.badge("外码对接", "plain", "swap")


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(minutes=22), "剩 22 分", "near"),
        (timedelta(hours=1, minutes=36), "剩 1 小时 36 分", "near"),
        (timedelta(hours=7), "剩 7 小时", "calm"),
        (timedelta(days=1, hours=7), "明天 17:24", "calm"),
        (-timedelta(minutes=12), "已超 12 分", "late"),
    ],
)
def test_a_clock_is_drawn_as_it_stands(left: timedelta, words: str, tone: str) -> None:
    text = drawn("{% clock deadline at %}", deadline=AT + left)

    assert f">{words}<" in text and f"clock-{tone}" in text


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (AT, "今天 10:24"),
        (AT - timedelta(hours=16), "昨天 18:24"),
        (AT - timedelta(days=5), "11月18日 10:24"),
        (AT - timedelta(days=400), "2025年10月19日 10:24"),
        (date(2026, 11, 23), "今天"),
        (None, "—"),
    ],
)
def test_a_moment_is_written_as_people_say_it(moment: datetime | date | None, words: str) -> None:
    assert drawn("{{ moment|when:at }}", moment=moment) == words


def test_a_moment_without_a_given_now_is_compared_with_the_clock() -> None:
    text = drawn("{{ moment|when }}", moment=http.moment())

    assert text.startswith("今天") and drawn("{% clock moment %}", moment=http.moment()).count("clock-late") == 1


def test_days_and_times_stand_alone_too() -> None:
    assert drawn("{{ at|day:at }} {{ at|clock_time }} {{ none|clock_time }}", none=None) == "今天 10:24 —"
    assert drawn("{{ at|long_day }}") == "11月23日 星期一"


def test_a_short_code_is_written_in_two_halves() -> None:
    assert [ui.short("B7K4M2Q9"), ui.short("B7K4"), ui.short("")] == ["B7K4-M2Q9", "B7K4", ""]


def test_a_number_is_grouped_and_none_is_not_nought() -> None:
    assert [ui.number(3547), ui.number(Decimal("1234.5")), ui.number(0), ui.number(None)] == [
        "3,547",
        "1,234.5",
        "0",
        "—",
    ]


def test_a_share_is_low_under_its_threshold_reported_when_others_counted_and_none_is_said() -> None:
    assert "share-low" in ui.share(76) and "share-low" not in ui.share(80)
    assert "share-reported" in ui.share(90, reported=True) and "报" in ui.share(90, reported=True)
    assert "无数据" in ui.share(None) and "%" not in ui.share(None)


def test_a_cell_is_written_by_its_kind() -> None:
    column = rules.Column("x", "数", unit="次", value=lambda row: row)

    said = [str(ui.cell(column, value, AT)) for value in (True, False, 1954, None, AT, "<b>")]

    assert said == ["是", "否", "1,954<small>次</small>", "—", "今天 10:24", "<b>"]
    assert drawn("{% cell column row %}", column=column, row="<b>") == "&lt;b&gt;"


class Sample(forms.Form):
    name = forms.CharField(label="场所全称", help_text="与营业执照一致")
    phone = forms.CharField(label="手机", required=False)
    agreed = forms.BooleanField(label="同意")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    at = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_has_its_label_above_and_its_hint_below() -> None:
    text = drawn("{% field form.name %}", form=Sample())

    assert text.index("场所全称") < text.index("<input") < text.index("与营业执照一致")
    assert 'aria-describedby="id_name_helptext"' in text and 'id="id_name_helptext"' in text


def test_a_wrong_field_says_what_is_wrong_and_keeps_what_was_typed() -> None:
    form = Sample({"name": "", "phone": "<1>"})

    text = drawn("{% field form.name %}{% field form.phone %}", form=form)

    assert "field-wrong" in text and 'id="id_name_error"' in text and 'aria-invalid="true"' in text
    assert 'value="&lt;1&gt;"' in text and "可不填" in text


def test_boxes_groups_and_hidden_fields_have_their_own_shape() -> None:
    form = Sample()

    text = drawn("{% field form.agreed %}|{% field form.kind %}|{% field form.at %}", form=form).split("|")

    assert (
        'class="tick"' in text[0] and 'role="group"' in text[1] and text[2].strip().startswith('<input type="hidden"')
    )


def test_a_field_saved_on_leaving_says_when() -> None:
    assert "10:24 已存" in drawn("{% field form.name saved=at %}", form=Sample())


@pytest.mark.parametrize(("colour", "word"), [("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯")])
def test_a_lamp_never_appears_without_its_word(colour: str, word: str) -> None:
    assert word in ui.lamp(colour) and f"lamp-{colour}" in ui.lamp(colour)


def test_the_sprite_is_ours_and_safe_to_inline() -> None:
    text = ui.SPRITE.read_text()

    assert "<script" not in text and "href" not in text and len(ui.icon_names()) > 50
