"""Where a page of a list begins: the sort value and key of a row, as text in the address."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

READERS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The rows strictly after (`is_forward`) or strictly before the row with this sort value and key."""

    value: Any
    key: Any
    is_forward: bool


def write_cursor(value: Any, key: Any) -> str:
    """URL-safe text; exact, so that a page neither repeats nor skips a row."""
    text = json.dumps([_plain(value), _plain(key)], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, *, is_forward: bool) -> Cursor:
    """Raises: ValueError for anything that `write_cursor` did not write."""
    try:
        pair = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        value, key = pair
        return Cursor(_rich(value), _rich(key), is_forward)
    except (Error, InvalidOperation, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(text) from error


def _plain(value: Any) -> Any:
    """JSON keeps null, booleans, numbers and text; the rest is written as {type: text}."""
    kind = type(value).__name__
    if kind not in READERS:
        return value if value is None or isinstance(value, bool | int | float) else str(value)
    return {kind: str(value) if kind in {"Decimal", "UUID"} else value.isoformat()}


def _rich(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return READERS[kind](text)
