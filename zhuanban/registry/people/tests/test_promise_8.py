"""PROMISE 8: a stolen database names nobody.

The thief has every table, knows how the product is written, and tries every possible number of the county: 140428, all
birthdays of a hundred years, 999 a day, 36.5 million in all (`ZHUANBAN_FULL=1`; in CI one month, 31,000). What
the thief has not is the key, and with it every guess is worth as little as the next.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from django.apps import apps
from django.db import connection, models

from zhuanban.registry.people import rules
from zhuanban.registry.people.rules.documents import CHECKS, WEIGHTS
from zhuanban.registry.people.tests.conftest import Register

pytestmark = pytest.mark.django_db
IS_FULL = os.getenv("ZHUANBAN_FULL") == "1"
MARCH = [date(1990, 3, day) for day in range(1, 32)]
DAYS = [date(1926, 11, 24) + timedelta(days=nth) for nth in range(36_525)] if IS_FULL else MARCH
A_DAY = 999  # sequence numbers; source: GB 11643-1999, three digits
KNOWN_KEYS = (b"", b"\0" * 32, b"zhuanban", b"desk/people-index")
Hash = Callable[[bytes], bytes]


def sha256(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def guesses() -> Iterator[tuple[str, Hash]]:
    """What a table without a key might have been made with."""
    yield "sha256", sha256
    if IS_FULL:
        return
    yield "sha1", lambda text: hashlib.sha1(text).digest()
    yield "md5", lambda text: hashlib.md5(text).digest()
    for key in KNOWN_KEYS:
        yield f"hmac {key!r}", partial(_hmac, key)


def candidates(days: Iterable[date]) -> Iterator[bytes]:
    """Every number that somebody of the county, born on one of `days`, may have."""
    for birth in days:
        start = f"140428{birth:%Y%m%d}"
        begun = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, start, strict=False))
        for sequence in range(1, A_DAY + 1):
            hundreds, rest = divmod(sequence, 100)
            tens, ones = divmod(rest, 10)
            check = CHECKS[(begun + WEIGHTS[14] * hundreds + WEIGHTS[15] * tens + WEIGHTS[16] * ones) % 11]
            yield f"{start}{sequence:03d}{check}".encode()


def stolen() -> set[bytes]:
    """Every value of every table of people and of the audit, cut as short as an index is."""
    found: set[bytes] = set()
    for model in (*apps.get_app_config("people").get_models(), *apps.get_app_config("audit").get_models()):
        found |= _values_of(model)
    return found


def _values_of(model: type[models.Model]) -> set[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        cells = [cell for row in cursor.fetchall() for cell in row if cell is not None]
    raw = [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in cells]
    unhexed = [bytes.fromhex(cell.decode()) for cell in raw if _is_hex(cell)]
    return {cell[:16] for cell in (*raw, *unhexed)}


def _is_hex(cell: bytes) -> bool:
    return len(cell) % 2 == 0 and len(cell) >= 32 and all(sign in b"0123456789abcdef" for sign in cell)


def hits(values: set[bytes], days: Iterable[date]) -> int:
    """How many guesses meet a stored value: the number itself, or any hash of it in any dress."""
    dresses = (b"%b", b"ID:%b", b"document:ID:%b")
    tried = list(guesses())
    found = 0
    for number in candidates(days):
        found += any(number[start : start + 16] in values for start in (0, 2))
        for dress in dresses:
            text = dress % number
            found += sum(make(text)[:16] in values for _name, make in tried)
    return found


@pytest.fixture
def people_of_march(register: Register) -> int:
    """Residents, a child and a guest: all born in the days that the thief tries."""
    for nth in range(1, 21):
        register("王小花", phone=f"138000001{nth:02d}", nth=nth, birth=f"199003{nth:02d}")
    return 20


def test_no_number_meets_a_stored_value_without_the_key(people_of_march: int) -> None:
    values = stolen()

    found = hits(values, DAYS)

    assert found == 0 and len(values) > people_of_march


def test_control_a_plain_hash_names_everybody(monkeypatch: pytest.MonkeyPatch, register: Register) -> None:
    monkeypatch.setattr("zhuanban.base.ciphers.index", lambda text, *, key: sha256(text.encode())[:16])
    for nth in range(1, 6):
        register("王小花", phone=f"138000002{nth:02d}", nth=nth, birth="19900310")

    found = hits(stolen(), MARCH)

    assert found >= 5


def test_the_thief_tries_real_numbers() -> None:
    tried = list(candidates([date(1990, 3, 7)]))

    assert len(tried) == A_DAY and all(rules.check_digit(one[:17].decode()) == one[17:].decode() for one in tried)
