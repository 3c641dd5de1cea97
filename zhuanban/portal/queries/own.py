"""What is held about the resident, and who has looked at it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from zhuanban.base.accounts.rules import By, Kind
from zhuanban.base.audit.models import Entry
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.portal import rules
from zhuanban.portal.queries.code import health_of
from zhuanban.portal.queries.homes import home_words
from zhuanban.portal.queries.visits import stays
from zhuanban.registry.codes import queries as orders
from zhuanban.registry.people import queries as people
from zhuanban.registry.people.queries import Asked, Kin
from zhuanban.registry.people.rules import NOTICE_VERSION, mask_document
from zhuanban.trail.status import queries as status
from zhuanban.trail.status import rules as colours


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of “谁看过我的数据”: a role, never a person's name."""

    at: datetime
    who: str
    deed: str
    reason: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    family: tuple[Kin, ...]
    to_me: list[Asked]
    of_me: list[Asked]
    in_reach: list[tuple[int, str]] = field(default_factory=list)  # (bond, masked name) of who may enter me


def notice(at: datetime) -> dict[str, Any]:
    """What the 告知书 needs to say: its version, the order in force, how long records are kept."""
    return {
        "version": NOTICE_VERSION,
        "order": orders.order_at(at),
        "retention_days": settings.RETENTION_DAYS,
    }


def looks(by: By) -> list[Looked]:
    """Who looked at the resident's data, and who of the staff changed it; newest first, oneself left out."""
    theirs = Q(is_look=True) | Q(actor_kind__in=(Kind.STAFF, Kind.DEVICE))
    rows = Entry.objects.filter(theirs, subject=by.key).exclude(actor=by.key).order_by("-seq")
    return [Looked(one.at, one.actor_label, rules.deed(one.verb), one.reason) for one in rows[: rules.LOOKS_SHOWN]]


def family_page(by: By, at: datetime) -> FamilyPage:
    me = people.own(by)
    reach = [(bond.pk, people.masked(bond.person).name) for bond in people.in_reach_of(me)]
    return FamilyPage(people.family_of(me, at), people.requests_to(by, at), people.requests_of(by, at), reach)


def correction_page(by: By, at: datetime) -> dict[str, Any]:
    """What is being corrected, what was answered, and the colour that stands."""
    asked = list(status.corrections_of(by, uuid.UUID(by.key)))
    waiting = next((one for one in asked if one.answered_at is None), None)
    return {
        "health": health_of(uuid.UUID(by.key), at),
        "open": waiting,
        "due": colours.correction_due(waiting.asked_at) if waiting else None,
        "answered": [one for one in asked if one.answered_at is not None],
    }


def data_page(by: By) -> dict[str, Any]:
    me = people.own(by)
    card = people.open_card(me)
    return {
        "masked": card.masked(None),
        "document": f"{_(card.identity().document_kind)} {mask_document(card.document)}",
        "home": home_words(me),
        "unit": me.unit.name if me.unit else "",
    }


def export_rest(by: By, token: str, at: datetime) -> dict[str, Any]:
    """What other packages hold about the resident, in words; see `people.actions.export_own` for the rest."""
    been = stays(token)
    health = health_of(uuid.UUID(by.key), at)
    return {
        "健康状态": dict(health.why) if health.why else "未核验",
        "到访": [
            {
                "时间": _moment(stay.at),
                "地点": f"{stay.venue} {stay.door}".strip(),
                "方式": stay.via,
                "销毁日": f"{stay.gone_on:%Y-%m-%d}",
            }
            for stay in been.rows
        ],
        "没有读到的": list(been.missing),
        "谁看过": [
            {"时间": _moment(one.at), "谁": one.who, "做了什么": one.deed, "原因": one.reason} for one in looks(by)
        ],
        "更正申请": [
            {"提出": _moment(one.asked_at), "内容": one.text, "答复": one.answer}
            for one in status.corrections_of(by, uuid.UUID(by.key))
        ],
        "导出时间": _moment(at),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(COUNTY_TIME).isoformat(timespec="seconds")
