"""Codes on doors, to type and to show: what is genuine is read, everything else is not."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from zhuanban.base.spans import Span
from zhuanban.registry.codes import rules
from zhuanban.registry.codes.rules import CodeExpired, OrderFacts, OrderState, UnknownCode

KEY = bytes(range(32))
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MUTATIONS = 100_000  # of the million of PROMISES 13, in every run
REPLAYS = 10_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
IDS = st.integers(0, 2**63 - 1)


# --- doors ----------------------------------------------------------------------------------------------------------


@given(IDS)
def test_a_door_token_is_24_characters_of_an_address_and_reads_back(code_id: int) -> None:
    token = rules.write_door(code_id, key=KEY)

    assert rules.TOKEN.fullmatch(token)
    assert rules.read_door(token, key=KEY) == code_id


@given(st.binary(min_size=8, max_size=8))
def test_an_id_fits_a_signed_column(noise: bytes) -> None:
    assert 0 <= rules.door_id(noise) < 2**63


def mutated(rng: random.Random) -> Iterator[str]:
    """Tokens that nobody was given: one wrong bit, letter, order or length, halves of two, another county's."""

    def genuine() -> str:
        return rules.write_door(rng.getrandbits(63), key=KEY)

    def other(letter: str) -> str:
        return rng.choice(LETTERS.replace(letter, ""))

    while True:
        token, place = genuine(), rng.randrange(24)
        yield token[:place] + other(token[place]) + token[place + 1 :]
        yield "".join(other(letter) if rng.random() < 0.2 else letter for letter in token[:-1]) + other(token[-1])
        yield token[:place]
        yield token + rng.choice(LETTERS)
        yield token[:12] + genuine()[12:]
        yield token.swapcase()
        yield rules.write_door(rng.getrandbits(63), key=KEY[::-1])
        yield "".join(rng.choices(LETTERS, k=24))


def test_of_a_hundred_thousand_mutated_tokens_none_is_accepted() -> None:
    tokens = itertools.islice(mutated(random.Random(13)), MUTATIONS)

    accepted = [token for token in tokens if rules.read_door(token, key=KEY) is not None]

    assert accepted == []


def test_without_the_mac_they_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(rules, "_is_genuine", lambda proof, expected: True)
    tokens = itertools.islice(mutated(random.Random(13)), 1000)

    accepted = [token for token in tokens if rules.read_door(token, key=KEY) is not None]

    assert len(accepted) > 500


@pytest.mark.parametrize(
    "token", ["", " ", "a", "../../etc/passwd", "码" * 24, "A" * 23, "A" * 25, "A" * 10_000, "\0" * 24]
)
def test_what_is_no_token_at_all_is_nobody_s(token: str) -> None:
    assert rules.read_door(token, key=KEY) is None


def test_one_token_has_one_spelling() -> None:
    """Standard Base64 letters, padding and blanks would decode to the same bytes."""
    token = next(t for t in (rules.write_door(n, key=KEY) for n in range(1000)) if "-" in t and "_" in t)

    for spelling in (token.replace("-", "+"), token.replace("_", "/"), token + "=", token + "\n", f" {token}"):
        assert rules.read_door(spelling, key=KEY) is None


def test_a_door_reads_under_either_provider_and_not_across(settings: Settings) -> None:
    settings.CIPHER = "SM4"
    token = rules.write_door(7, key=KEY)
    assert rules.read_door(token, key=KEY) == 7

    settings.CIPHER = "AES"

    assert rules.read_door(token, key=KEY) is None


# --- short codes ----------------------------------------------------------------------------------------------------


@given(st.binary(min_size=16, max_size=16))
def test_a_short_code_is_read_however_it_is_typed(noise: bytes) -> None:
    short = rules.short_code(noise)
    shown = rules.display_short(short)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in shown)

    assert len(short) == 8 and not set(short) & set("0O1IL")
    for typed in (
        short,
        shown,
        shown.lower(),
        f" {shown} ",
        shown.replace("-", " "),
        shown.replace("-", "—"),
        full_width,
    ):
        assert rules.parse_short(typed) == short


@pytest.mark.parametrize(
    "typed", ["", "B7K4M2Q", "B7K4M2Q99", "B7K4-M2Q0", "O7K4M2Q9", "B7K4M2Ql", "B7K4M2Q码", "-" * 8, "B" * 9999]
)
def test_what_stands_on_no_sheet_is_no_short_code(typed: str) -> None:
    assert rules.parse_short(typed) is None


def test_short_codes_use_every_letter_alike() -> None:
    rng = random.Random(7)
    count = dict.fromkeys(rules.SHORT_ALPHABET, 0)

    for _ in range(4000):
        for letter in rules.short_code(rng.randbytes(16)):
            count[letter] += 1

    assert len(count) == 31 and max(count.values()) < 1.25 * min(count.values())


# --- a resident's own code ------------------------------------------------------------------------------------------


@given(st.binary(min_size=16, max_size=16), st.integers(-5_000_000, 64_999_999))
def test_a_personal_code_is_read_within_its_minute(person: bytes, microseconds: int) -> None:
    text = rules.write_personal(person, at=NOON, key=KEY)

    assert rules.read_personal(text, at=NOON + timedelta(microseconds=microseconds), key=KEY) == person


@pytest.mark.parametrize(
    "late", [65 * SECOND, 66 * SECOND, timedelta(days=400), -5 * SECOND - SECOND / 1000, -60 * SECOND]
)
def test_a_code_from_another_minute_is_expired(late: timedelta) -> None:
    text = rules.write_personal(bytes(16), at=NOON, key=KEY)

    with pytest.raises(CodeExpired):
        rules.read_personal(text, at=NOON + late, key=KEY)


def test_of_ten_thousand_replayed_codes_none_is_accepted() -> None:
    rng = random.Random(13)
    accepted = 0

    for _ in range(REPLAYS):
        text = rules.write_personal(rng.randbytes(16), at=NOON, key=KEY)
        try:
            rules.read_personal(text, at=NOON + timedelta(seconds=rng.uniform(65, 1e7)), key=KEY)
            accepted += 1
        except CodeExpired:
            continue

    assert accepted == 0


def test_without_a_lifetime_they_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(rules, "PERSONAL_LIFETIME", timedelta(days=400))
    text = rules.write_personal(bytes(16), at=NOON, key=KEY)

    assert rules.read_personal(text, at=NOON + timedelta(days=30), key=KEY) == bytes(16)


def test_a_changed_personal_code_is_nobody_s() -> None:
    text = rules.write_personal(bytes(16), at=NOON, key=KEY)
    changed = [text[:n] + next(x for x in LETTERS if x != text[n]) + text[n + 1 :] for n in range(len(text))]
    strange = ["", "ZB1.", text[4:], text[:-1], text + "A", text + "=", "ZB2" + text[3:], rules.write_door(1, key=KEY)]

    for wrong in [*changed, *strange, rules.write_personal(bytes(16), at=NOON, key=KEY[::-1])]:
        with pytest.raises(UnknownCode):
            rules.read_personal(wrong, at=NOON, key=KEY)


def test_nothing_about_the_person_can_be_read_from_their_codes() -> None:
    """Two codes of one person in the same moment agree in no more characters than two strangers' do."""
    person, stranger = bytes(range(16)), bytes(range(16, 32))

    def agreeing(one: bytes, other: bytes) -> int:
        pairs = zip(*(rules.write_personal(who, at=NOON, key=KEY)[4:] for who in (one, other)), strict=True)
        return sum(left == right for left, right in pairs)

    own, others = (sum(agreeing(person, who) for _ in range(500)) / 500 for who in (person, stranger))

    assert own < 2 and others < 2  # 68 characters of 64: about one agrees by chance
    assert person not in rules.write_personal(person, at=NOON, key=KEY).encode()


# --- orders ---------------------------------------------------------------------------------------------------------


def order(number: str, starts: int, ends: int) -> OrderFacts:
    return OrderFacts(number, "关于启用场所码的通告", "县指挥部", Span(NOON + starts * SECOND, NOON + ends * SECOND))


def test_of_overlapping_orders_the_one_that_began_last_is_in_force() -> None:
    orders = (order("1", 0, 100), order("2", 50, 200), order("ended before it began", 10, 5))

    found = {seconds: rules.in_force(orders, at=NOON + seconds * SECOND) for seconds in (-1, 0, 49, 50, 150, 200)}

    assert {at: facts and facts.number for at, facts in found.items()} == {
        -1: None, 0: "1", 49: "1", 50: "2", 150: "2", 200: None
    }  # fmt: skip


def test_an_order_is_ahead_then_running_then_over() -> None:
    runs, never = Span(NOON, NOON + 10 * SECOND), Span(NOON, NOON - SECOND)

    states = [rules.order_state(runs, at=NOON + seconds * SECOND) for seconds in (-1, 0, 9, 10)]

    assert states == [OrderState.AHEAD, OrderState.RUNNING, OrderState.RUNNING, OrderState.OVER]
    assert rules.order_state(never, at=NOON - 5 * SECOND) is OrderState.OVER
