"""Whom a person may enter for: agreed by both, or a companion without account, or bound by a grid worker."""

from datetime import timedelta

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.registry.people.rules.marks import _

FAMILY_MAX = 8  # source: county-set; members beside oneself: as many as one screen lets a person tick
GUARDIAN_AGE = 14  # years; source: 个人信息保护法 第三十一条, a guardian consents for children under 14
ASKING_LIFETIME = timedelta(days=7)  # source: county-set; an unanswered request to be family lapses
REQUEST_KEPT = timedelta(days=30)  # source: county-set; so long the asker's week can be counted
ASKINGS_MAX = 16  # source: county-set; requests within one lifetime, withdrawn ones included: nobody is pestered


class Origin(Choice):
    SELF = "SELF", "自己注册"
    STRANGER = "STRANGER", "门口自填"
    MANUAL = "MANUAL", "门口登记"
    FAMILY = "FAMILY", "家人添加"
    GRID = "GRID", "网格员登记"


class Relation(Choice):
    SPOUSE = "SPOUSE", "配偶"
    PARENT = "PARENT", "父母"
    CHILD = "CHILD", "孩子"
    OTHER = "OTHER", "同行人"


class FamilyFull(Refusal):
    code = "FAMILY_FULL"


class GuardianNeeded(Refusal):
    code = "GUARDIAN_NEEDED"
    status = 422


def check_room(taken: int) -> None:
    """Raises: FamilyFull when `taken` members and open requests leave no place."""
    if taken >= FAMILY_MAX:
        raise FamilyFull(_("家人最多 8 位（等待同意的也算），请先移除一位"))


def check_guardian(relation: Relation, years: int | None, *, is_confirmed: bool) -> None:
    """A child under 14, or of unknown age, is entered only by a guardian who says so.

    Raises: GuardianNeeded.
    """
    is_young = years < GUARDIAN_AGE if years is not None else relation == Relation.CHILD
    if is_young and not is_confirmed:
        raise GuardianNeeded(_("未满 14 周岁的孩子，请监护人在下面打勾同意"))
