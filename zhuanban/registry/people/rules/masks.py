"""Names and telephone numbers: one spelling for storing, one shape for showing."""

import re
import unicodedata
from dataclasses import dataclass

from zhuanban.base.errors import Refusal
from zhuanban.registry.people.rules.marks import _

NAME_MAX = 40  # characters; source: ours, the longest names in use with all their parts stay below
PHONE_MAX = 20  # source: ours, characters kept of what is no number we know
STARS_MAX = 4  # source: ours, a long name is not drawn out by its mask
MOBILE = re.compile(r"1[3-9][0-9]{9}")  # source: 公用电信网编号计划, mobile numbers have 11 digits and begin 13–19
NAME_SIGNS = frozenset("·' -.")


class BadName(Refusal):
    code = "BAD_NAME"
    status = 422


class BadPhone(Refusal):
    code = "BAD_PHONE"
    status = 422


@dataclass(frozen=True, slots=True)
class Masked:
    """A person as everybody's screens show them. `phone` is "" where none is known, `age` None likewise."""

    name: str
    phone: str = ""
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A person in clear. Only `actions.look` gives it to somebody else, after the audit row is on disk."""

    name: str
    phone: str = ""
    document: str = ""
    document_kind: str = ""


def normalise_name(text: str) -> str:
    """One spelling of a name: full-width letters narrow, one kind of middle dot, single spaces.

    Raises: BadName — empty, too long, or with anything but letters and the signs names have; so that no name
    starts a formula in a spreadsheet.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    name = name.translate({ord(dot): "·" for dot in "•・‧∙⋅"})
    if not name:
        raise BadName(_("请写姓名"))
    if len(name) > NAME_MAX:
        raise BadName(_("姓名太长了，最多 40 个字"))
    letters = [char for char in name if unicodedata.category(char)[0] in "LM"]
    if len(letters) + sum(char in NAME_SIGNS for char in name) != len(name) or name[0] not in letters:
        raise BadName(_("姓名里只写文字，不写数字和符号"))
    return name


def normalise_phone(text: str) -> str:
    """The 11 digits of a mainland mobile number, however it was typed.

    Raises: BadPhone.
    """
    digits = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+86|0086)", "", digits)
    if not MOBILE.fullmatch(digits):
        raise BadPhone(_("手机号是 11 位数字，以 1 开头，请再看一下"))
    return digits


def mask_name(name: str) -> str:
    """王小花 → 王*花, 王花 → 王*, 欧阳小花 → 欧**花; "" stays ""."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:  # noqa: PLR2004  (surname and given name)
        return f"{name[0]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, STARS_MAX)}{name[-1]}"


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678; "" stays ""."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""
