"""Identity documents: their shapes, the resident ID's own checksum and date, and nothing about regions.

A number is never refused for its region: address codes are split, merged and abolished, and the residence permits of
Hong Kong, Macao and Taiwan (81, 82, 83) and the permanent residence card (9…) use codes of no county.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.base.spans import day_of
from zhuanban.registry.people.rules.marks import _

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # source: GB 11643-1999, ISO 7064 MOD 11-2
CHECKS = "10X98765432"  # source: GB 11643-1999
OLDEST = 130  # years; source: ours, the oldest known life is 122; a birth longer ago is a slip of the pen
ID_LENGTH = 18  # source: GB 11643-1999
LEGACY_CENTURY = "19"  # source: 15-digit numbers, issued until 1999, leave the century out

EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
FIFTEEN = re.compile(r"[0-9]{15}")
RESIDENCE = re.compile(r"8[123]0000[0-9]{11}[0-9X]")  # source: 港澳台居民居住证申领发放办法, 2018
FOREIGN_NEW = re.compile(r"9[0-9]{16}[0-9X]")  # source: 五星卡, issued since 2023-12-01


class DocumentKind(Choice):
    ID = "ID", "居民身份证"
    RESIDENCE = "RESIDENCE", "港澳台居民居住证"
    HKMO = "HKMO", "港澳居民来往内地通行证"
    TW = "TW", "台湾居民来往大陆通行证"
    FOREIGN = "FOREIGN", "外国人永久居留身份证"
    PASSPORT = "PASSPORT", "护照"
    OTHER = "OTHER", "其他证件"


SHAPES = {  # of the documents that carry no checksum we could compute
    DocumentKind.HKMO: (re.compile(r"[HM][0-9]{8}([0-9]{2})?"), _("通行证号码是 H 或 M 加 8 位数字，请再看一下")),
    DocumentKind.TW: (re.compile(r"[0-9]{8}([0-9]{2})?"), _("通行证号码是 8 位数字，请再看一下")),
    DocumentKind.FOREIGN: (
        re.compile(r"[A-Z]{3}[0-9]{12}"),
        _("号码是 18 位数字，或旧卡的 3 个字母加 12 位数字，请再看一下"),
    ),
    DocumentKind.PASSPORT: (
        re.compile(r"(?=.*[0-9])[A-Z0-9]{5,12}"),
        _("护照号码是 5 到 12 位字母和数字，请再看一下"),
    ),
    DocumentKind.OTHER: (
        re.compile(r"(?=.*[0-9])[0-9A-Z一-鿿\-()]{4,30}"),
        _("证件号码是 4 到 30 位字母和数字，请再看一下"),
    ),
}


class BadDocument(Refusal):
    code = "BAD_DOCUMENT"
    status = 422


@dataclass(frozen=True, slots=True)
class Document:
    """A checked document. `number` is in its one spelling (15 digits become 18); `birth` where the number says it."""

    kind: DocumentKind
    number: str
    birth: date | None = None

    @property
    def lookup(self) -> str:
        """What the keyed index is made of: numbers of the 18-digit family are one space, whatever the card's name."""
        space = "ID" if EIGHTEEN.fullmatch(self.number) else self.kind.value
        return f"{space}:{self.number}"


def check_document(kind: DocumentKind, text: str, at: datetime) -> Document:
    """The document that was typed, in one spelling.

    Raises: BadDocument, saying which part is wrong.
    """
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if not number:
        raise BadDocument(_("请写证件号码"))
    if kind == DocumentKind.ID:
        return _check_id(number, at)
    if kind == DocumentKind.RESIDENCE:
        if not RESIDENCE.fullmatch(number):
            raise BadDocument(_("居住证号码是 18 位，以 810000、820000 或 830000 开头"))
        return Document(kind, number, _checked_birth(number, at))
    if kind == DocumentKind.FOREIGN and FOREIGN_NEW.fullmatch(number):
        return Document(kind, number, _checked_birth(number, at))
    shape, wrong = SHAPES[kind]
    if not shape.fullmatch(number):
        raise BadDocument(wrong)
    return Document(kind, number)


def _check_id(number: str, at: datetime) -> Document:
    if FIFTEEN.fullmatch(number):
        body = f"{number[:6]}{LEGACY_CENTURY}{number[6:]}"
        number = body + check_digit(body)
    if len(number) != ID_LENGTH:
        raise BadDocument(_("身份证号是 18 位，请再数一下"))
    if not EIGHTEEN.fullmatch(number):
        raise BadDocument(_("身份证号只有数字，最后一位可以是 X，请再看一下"))
    return Document(DocumentKind.ID, number, _checked_birth(number, at))


def _checked_birth(number: str, at: datetime) -> date:
    birth, today = birth_of(number), day_of(at)
    if birth is None or birth > today or today.year - birth.year > OLDEST:
        raise BadDocument(_("号码里的出生日期不对（第 7 到 14 位），请再看一下"))
    if check_digit(number[:17]) != number[17]:
        raise BadDocument(_("号码有一位写错了，请对着证件再看一遍"))
    return birth


def check_digit(body: str) -> str:
    """The 18th sign that belongs to 17 digits."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


def birth_of(number: str) -> date | None:
    """The date inside an 18-digit number; None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age(birth: date, at: datetime) -> int:
    """Full years (周岁) on the county's day of `at`; a birthday on 29 February counts from 1 March."""
    today = day_of(at)
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def mask_document(number: str) -> str:
    """14****************2X: the first two and the last two signs; short numbers show their last two."""
    if len(number) < 6:  # noqa: PLR2004  (two and two would be most of it)
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"
