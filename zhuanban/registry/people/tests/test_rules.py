"""Names, families, one-time codes and the cookies a browser carries."""

import base64
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.errors import Refusal
from zhuanban.registry.people import rules
from zhuanban.registry.people.rules import Level, Relation

AT = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
WANG = bytes(range(16))


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小花", "王*花"),
        ("王花", "王*"),
        ("王", "*"),
        ("", ""),
        ("欧阳小花", "欧**花"),
        ("买买提·吐尔逊江", "买****江"),
    ],
)
def test_a_masked_name_is_known_only_to_those_who_know_it(name: str, masked: str) -> None:
    shown = rules.mask_name(name)

    assert shown == masked


@pytest.mark.parametrize("typed", ["13812345678", "138 1234 5678", "+86 138-1234-5678", "１３８１２３４５６７８"])
def test_one_phone_has_one_spelling(typed: str) -> None:
    phone = rules.normalise_phone(typed)

    assert phone == "13812345678" and rules.mask_phone(phone) == "138****5678"


@pytest.mark.parametrize("typed", ["", "0355-8322222", "12812345678", "1381234567", "138123456789", "电话"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(rules.BadPhone):
        rules.normalise_phone(typed)

    assert rules.mask_phone("") == ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [("  王小花 ", "王小花"), ("买买提•吐尔逊", "买买提·吐尔逊"), ("Anna  O'Neil-Li", "Anna O'Neil-Li")],
)
def test_a_name_gets_one_spelling(typed: str, name: str) -> None:
    kept = rules.normalise_name(typed)

    assert kept == name


@pytest.mark.parametrize("typed", ["", "   ", "=1+1", "@王", "-王", "王3", "王\u200b花", "王" * 41])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(rules.BadName):
        rules.normalise_name(typed)


def test_a_family_has_eight_places() -> None:
    rules.check_room(7)

    with pytest.raises(rules.FamilyFull):
        rules.check_room(8)


@pytest.mark.parametrize(
    ("relation", "years", "needs"),
    [
        (Relation.CHILD, None, True),
        (Relation.CHILD, 13, True),
        (Relation.CHILD, 14, False),
        (Relation.OTHER, 8, True),
        (Relation.PARENT, None, False),
    ],
)
def test_a_guardian_answers_for_children_under_fourteen(relation: Relation, years: int | None, needs: bool) -> None:
    rules.check_guardian(relation, years, is_confirmed=True)

    if needs:
        with pytest.raises(rules.GuardianNeeded):
            rules.check_guardian(relation, years, is_confirmed=False)
    else:
        rules.check_guardian(relation, years, is_confirmed=False)


def test_codes_are_sent_once_a_minute_and_ten_times_a_day() -> None:
    rules.check_sending(AT, last_sent_at=AT - timedelta(seconds=60), by_phone=9, by_address=99)

    for last, by_phone, by_address in ((AT - timedelta(seconds=59), 1, 1), (None, 10, 1), (None, 1, 100)):
        with pytest.raises(rules.CodeLimit) as refused:
            rules.check_sending(AT, last_sent_at=last, by_phone=by_phone, by_address=by_address)
        assert refused.value.retry_after >= 1


def test_a_code_has_six_digits() -> None:
    codes = {rules.write_code() for _ in range(50)}

    assert all(len(code) == 6 and code.isdigit() for code in codes) and len(codes) > 40


def session(key: bytes = KEY, level: Level = Level.ACCOUNT) -> str:
    return rules.write_session(WANG, issued_at=AT, level=level, notice=3, key=key)


@pytest.mark.parametrize("level", list(Level))
def test_a_session_comes_back_as_written(level: Level) -> None:
    text = session(level=level)

    read = rules.read_session(text, key=KEY)

    assert read == rules.Session(WANG, AT, level, 3) and len(text) == rules.SESSION_TOKEN_CHARS


def test_a_session_of_another_key_is_nothing() -> None:
    text = session(OTHER_KEY)

    read = rules.read_session(text, key=KEY)

    assert read is None


@given(st.integers(0, 55), st.sampled_from("AZaz09-_=é"))
def test_a_changed_session_is_nothing(place: int, sign: str) -> None:
    text = session()
    changed = text[:place] + sign + text[place + 1 :]

    read = rules.read_session(changed, key=KEY)

    assert (read is None) == (changed != text)


@given(st.text(max_size=80))
def test_any_text_is_at_most_no_session(text: str) -> None:
    read = rules.read_session(text, key=KEY)

    assert read is None and rules.read_family(text, key=KEY) == ()


@pytest.mark.parametrize(("version", "level"), [(2, 0), (1, 2)])
def test_a_session_from_the_future_of_the_format_is_nothing(
    version: int, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhuanban.registry.people.rules.tokens.VERSION", version)
    monkeypatch.setattr("zhuanban.registry.people.rules.tokens.LEVELS", (*[None] * level, Level.ACCOUNT))
    text = session()
    monkeypatch.undo()

    read = rules.read_session(text, key=KEY)

    assert read is None


def test_a_session_ends_after_180_days_or_when_signed_out() -> None:
    read = rules.read_session(session(), key=KEY)
    assert read is not None

    alive = read.is_live(AT + timedelta(days=179)), read.is_live(AT, revoked_before=AT - timedelta(seconds=1))
    dead = read.is_live(AT + timedelta(days=180)), read.is_live(AT, revoked_before=AT)

    assert alive == (True, True) and dead == (False, False)


def test_a_family_comes_back_as_written_and_only_under_its_key() -> None:
    members = [rules.Member(WANG, "王*花", "本人", 34), rules.Member(WANG[::-1], "王*乐", "孩子")]

    text = rules.write_family(members, key=KEY)

    assert rules.read_family(text, key=KEY) == tuple(members)
    assert rules.read_family(text, key=OTHER_KEY) == ()
    assert "王".encode() not in base64.urlsafe_b64decode(text + "==")


def test_a_full_family_fits_into_a_cookie() -> None:
    longest = [rules.Member(WANG, "买****江", "同行人", 100)] * (rules.FAMILY_MAX + 1)

    text = rules.write_family(longest, key=KEY)

    assert len(text) < 4000


@pytest.mark.parametrize(("https", "name"), [(True, "__Host-zb"), (False, "zb")])
def test_the_cookie_says_when_it_is_secure(https: bool, name: str) -> None:
    named = rules.cookie_name(https)

    assert named == name


def test_a_card_opens_only_for_its_own_row() -> None:
    pk, other = uuid.UUID(bytes=WANG), uuid.UUID(bytes=WANG[::-1])
    card = rules.card_of(
        "王小花", phone="13812345678", document=rules.Document(rules.DocumentKind.PASSPORT, "E12345678")
    )

    sealed = rules.seal_card(card, person=pk, key=KEY)

    assert rules.open_card(sealed, person=pk, key=KEY) == card
    with pytest.raises(Refusal):
        rules.open_card(sealed, person=other, key=KEY)
    assert rules.open_card(b"", person=pk, key=KEY).name == "已注销"


@pytest.mark.parametrize(
    ("relation", "number", "called"),
    [
        (Relation.PARENT, "140428195003070028", "母亲"),
        (Relation.PARENT, "140428195003070010", "父亲"),
        (Relation.PARENT, "", "父母"),
        (Relation.CHILD, "140428201803070028", "孩子"),
    ],
)
def test_a_mother_is_called_mother(relation: Relation, number: str, called: str) -> None:
    birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if number else ""

    word = rules.Card("李秀英", document=number, birth=birth).called(relation)

    assert word == called


def test_an_identity_names_its_document() -> None:
    with_document = rules.Card("王小花", document_kind="ID", document="110101199003078670", birth="1990-03-07")

    identity, nameless = with_document.identity(), rules.Card("王小花").identity()

    assert identity.document_kind == "居民身份证" and nameless.document_kind == ""
    assert with_document.masked(AT).age == 36 and with_document.masked(None).age is None
