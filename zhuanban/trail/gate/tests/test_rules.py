"""The gate's own decisions, without a door, a disk or a database."""

import contextlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from zhuanban.base.errors import Refusal
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.rules import BadScan, Letter, Scan
from zhuanban.trail.status.rules import Colour

AT = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)  # 10:24 in the county
KEY, ME, KIN = bytes(32), bytes(16), bytes([1]) * 16


def test_a_scan_says_little_and_all_of_it_may_be_absent() -> None:
    assert rules.parse_json(b"{}") == Scan("", ("me",), None, "", "", 0, False)
    full = {"id": "x", "people": ["me", "a"], "at": "2026-11-23T10:24:00", "name": " n ", "notice": 3, "page": True}
    assert rules.parse_json(json.dumps({**full, "other": 1}).encode()) == Scan(
        "x", ("me", "a"), AT, "n", "", 3, page=True
    )


def test_a_form_says_the_same() -> None:
    body = b"id=x&with_people=1&people=me&people=a&notice=3&name=+n+&phone=1"

    assert rules.parse_form(body) == Scan("x", ("me", "a"), None, "n", "1", 3)
    assert rules.parse_form(b"name=n") == Scan(name="n")


@pytest.mark.parametrize("body", [b"with_people=1", b"\xff=1", b"a=1&" * 60])
def test_a_form_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(BadScan):
        rules.parse_form(body)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-11-23T10:24:00+08:00", AT),
        ("2026-11-23T10:24:00", AT),
        ("2026-11-23T02:24:00Z", AT),
        ("1999-12-31T00:00:00Z", None),
        ("tomorrow", None),
        (7, None),
    ],
)
def test_a_claim_is_kept_when_it_can_be_one(said: object, kept: datetime | None) -> None:
    assert rules.claim(said) == kept


@given(some.binary(max_size=300) | some.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_parsers_fall_over(body: bytes) -> None:
    for parse in (rules.parse_json, rules.parse_form):
        with contextlib.suppress(BadScan):
            assert parse(body).people


scalars = some.none() | some.booleans() | some.integers() | some.floats() | some.text()
anything = some.recursive(scalars, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner))


@given(
    some.fixed_dictionaries(
        {}, optional=dict.fromkeys(["id", "people", "at", "name", "phone", "notice", "page"], anything)
    )
)
def test_no_json_makes_the_parser_fall_over(content: dict[str, object]) -> None:
    try:
        scan = rules.parse_json(json.dumps(content).encode())
    except Refusal:
        return
    assert 1 <= len(scan.people) <= rules.MAX_PEOPLE and 0 <= scan.notice < 10_000


def test_a_ref_names_a_relative_to_one_person_only() -> None:
    ref = rules.ref_of(ME, KIN, key=KEY)

    assert rules.party_of(["me", ref], person=ME, family=[KIN], key=KEY) == (ME, KIN)
    for person, family in ((KIN, [ME]), (ME, [])):
        with pytest.raises(BadScan):
            rules.party_of([ref], person=person, family=family, key=KEY)


@given(some.lists(some.sampled_from(list(Colour)), min_size=1, max_size=9))
def test_the_worst_stands_for_all_and_is_the_first_of_its_kind(colours: list[Colour]) -> None:
    shown = colours[rules.worst(colours)]

    if Colour.RED in colours:
        assert shown is Colour.RED
    assert (shown is Colour.GREEN) == (set(colours) == {Colour.GREEN})
    assert colours.index(shown) == rules.worst(colours)


def test_a_strangers_id_is_the_same_for_the_same_entry_and_no_other() -> None:
    once = rules.stranger_id("20261123-0", "钱小多", "13900000001", key=KEY)

    assert len(once) == 16 and once == rules.stranger_id("20261123-0", "钱小多", "13900000001", key=KEY)
    others = [("20261123-1", "钱小多", "13900000001"), ("20261123-0", "钱多", "13900000001")]
    assert once not in [rules.stranger_id(*other, key=KEY) for other in others]


def test_a_day_out_of_reach_is_looked_for_under_itself_and_yesterday() -> None:
    today, yesterday = date(2026, 11, 23), date(2026, 11, 22)

    assert rules.searched(date(2026, 10, 1), AT) == (date(2026, 10, 1), yesterday)
    assert rules.searched(yesterday, AT) == (yesterday,) and rules.searched(today, AT) == (yesterday,)


def test_an_age_is_never_negative_and_never_knowing_is_forever() -> None:
    assert rules.age_of(AT, AT + timedelta(seconds=3)) == 3 and rules.age_of(AT, AT - timedelta(seconds=3)) == 0
    assert rules.age_of(None, AT) == float("inf")


def test_a_letter_is_ours_for_its_own_content_and_half_a_minute() -> None:
    letter = Letter("POST", "/gate/enter", b"{}")
    proof = rules.sign(letter, at=AT, key=KEY)

    assert rules.is_ours(proof, letter, at=AT + timedelta(seconds=30), key=KEY)
    assert not rules.is_ours(proof, letter, at=AT + timedelta(seconds=31), key=KEY)
    for other in (
        Letter("GET", "/gate/enter", b"{}"),
        Letter("POST", "/gate/own", b"{}"),
        Letter("POST", "/gate/enter", b""),
    ):
        assert not rules.is_ours(proof, other, at=AT, key=KEY)
    assert not rules.is_ours(proof, letter, at=AT, key=bytes([1]) * 32)
    assert not rules.is_ours("²:00", letter, at=AT, key=KEY)
