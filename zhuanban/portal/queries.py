"""What the resident's pages show: each loads all that it needs, and says which part could not be had."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import segno
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhuanban.base import ciphers
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By, Kind, prefix_of
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import NotFound, Refusal
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.portal import rules
from zhuanban.registry.codes import queries as orders
from zhuanban.registry.codes import rules as codes
from zhuanban.registry.people import queries as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.queries import Asked, Kin
from zhuanban.registry.people.rules import NOTICE_VERSION, mask_document
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Division, Door
from zhuanban.trail.gate import queries as gate
from zhuanban.trail.status import queries as status
from zhuanban.trail.status import rules as colours
from zhuanban.trail.tracing import queries as tracing
from zhuanban.trail.visits.rules import Via

QUIET_MODULES = 4  # blank modules around a QR code; source: ISO/IEC 18004

T = TypeVar("T")


class Visited(Protocol):
    """A visit as gate and keeper tell it alike."""

    @property
    def at(self) -> datetime: ...
    @property
    def door(self) -> int: ...
    @property
    def via(self) -> Via: ...
    @property
    def day_disappears(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """One line of “我去过的地方”."""

    at: datetime
    venue: str
    door: str
    via: str
    gone_on: date  # the day on which the record is destroyed


@dataclass(frozen=True, slots=True)
class Stays:
    """Newest first; `missing` says in words what could not be read just now."""

    rows: tuple[Stay, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of “谁看过我的数据”: a role, never a person's name."""

    at: datetime
    who: str
    deed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """The colour that a door would see now. `why` is (状态, 谁定的, 依据) where somebody set it."""

    colour: str
    until: str = ""  # 11 月 30 日 24:00
    issuer: str = ""
    why: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The code on the screen, and whose it is. `health` is None for a grown relative: theirs to show."""

    kin: Kin
    svg: str
    seconds: int
    health: Health | None


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


# --- my code --------------------------------------------------------------------------------------------------------


def shown(me: Person, family: tuple[Kin, ...], of: str, at: datetime) -> Shown:
    """The code of the resident, or of the family member `of` (hex). Raises: NotFound."""
    kin = next((one for one in family if one.person.hex == (of or me.pk.hex)), None)
    if kin is None:
        raise NotFound(_("没有这位家人"))
    text = codes.write_personal(kin.person.bytes, at=at, key=ciphers.key("shared/codes"))
    svg = segno.make(text, error="m", micro=False).svg_inline(border=QUIET_MODULES, omitsize=True, dark="#14211f")
    is_theirs = kin.has_account and kin.person != me.pk
    health = None if is_theirs else health_of(kin.person, at)
    return Shown(kin, svg, int(codes.PERSONAL_LIFETIME.total_seconds()), health)


def health_of(person: uuid.UUID, at: datetime) -> Health:
    fact = status.current_fact(person, at)
    is_fresh = colours.is_fresh(fact, {feed.issuer: feed for feed in status.feeds()}, at=at)
    verdict = colours.decide(fact, policy=colours.DoorPolicy(), feed_fresh=is_fresh, at=at)
    if verdict.fact is None:
        return Health(verdict.colour)
    return Health(
        verdict.colour, colours.moment(verdict.fact.until_at), verdict.fact.issuer, colours.why(verdict.fact)
    )


def is_held(person: Person, at: datetime) -> bool:
    """Whether a red or yellow code is in force: then the data is still needed."""
    fact = colours.in_force(status.current_fact(person.pk, at), at=at)
    return fact is not None and fact.colour in colours.STOPPING


# --- my visits ------------------------------------------------------------------------------------------------------


def stays(token: str) -> Stays:
    """Today's from the gate, earlier days' from the keeper, by the resident's own proof.

    Each process may be down; its part is then missing, and said so: never an empty list that looks like none.
    """
    today, no_today = _had(gate.own_today, token, _("今天的记录暂时读不到，没有丢失，请过几分钟再看"))
    past, no_past = _had(tracing.own_visits, token, _("以前的记录暂时读不到，没有丢失，请过几分钟再看"))
    both: dict[object, Visited] = {(one.at, one.door, one.via): one for one in past}
    both |= {(one.at, one.door, one.via): one for one in today}  # yesterday's are with both until 01:00
    visits = sorted(both.values(), key=lambda visit: visit.at, reverse=True)
    names = door_names({visit.door for visit in visits})
    rows = tuple(
        Stay(visit.at, *names.get(visit.door, (_("已撤销的场所"), "")), Via(visit.via).label, visit.day_disappears)
        for visit in visits
    )
    return Stays(rows, tuple(said for said in (no_today, no_past) if said))


def _had(read: Callable[[str], list[T]], token: str, otherwise: str) -> tuple[list[T], str]:
    try:
        return read(token), ""
    except Refusal:
        return [], otherwise


def door_names(doors: set[int]) -> dict[int, tuple[str, str]]:
    """(venue, door) as written over the doors: public, so no scope is needed to read it."""
    with accounts.system_scope():
        rows = Door.objects.filter(pk__in=doors).values_list("pk", "venue__name", "name")
        return {pk: (venue, door) for pk, venue, door in rows}


def looks(by: By) -> list[Looked]:
    """Who looked at the resident's data, and who of the staff changed it; newest first, oneself left out."""
    theirs = Q(is_look=True) | Q(actor_kind__in=(Kind.STAFF, Kind.DEVICE))
    rows = Entry.objects.filter(theirs, subject=by.key).exclude(actor=by.key).order_by("-seq")
    return [Looked(one.at, one.actor_label, rules.deed(one.verb), one.reason) for one in rows[: rules.LOOKS_SHOWN]]


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


# --- my data --------------------------------------------------------------------------------------------------------


def data_page(by: By) -> dict[str, Any]:
    me = people.own(by)
    card = people.open_card(me)
    return {
        "masked": card.masked(None),
        "document": f"{card.identity().document_kind} {mask_document(card.document)}",
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


# --- my family ------------------------------------------------------------------------------------------------------


def family_page(by: By, at: datetime) -> FamilyPage:
    me = people.own(by)
    reach = [(bond.pk, people.masked(bond.person).name) for bond in people.in_reach_of(me)]
    return FamilyPage(people.family_of(me, at), people.requests_to(by, at), people.requests_of(by, at), reach)


# --- where one lives and works --------------------------------------------------------------------------------------


def townships() -> QuerySet[Division]:
    return places.townships()


def villages_of(township: str) -> tuple[Division, list[Division]]:
    """A township and its villages and communities; a zone without any is chosen itself. Raises: NotFound."""
    found = townships().filter(code=township).first()
    if found is None:
        raise NotFound(_("没有这个乡镇"))
    return found, list(places.villages(prefix_of(found.code))) or [found]


def is_village(code: str) -> bool:
    """Whether somebody can live there: a village or community of the county, or a zone."""
    return places.villages(code).filter(code=code).exists() or townships().filter(code=code).exists()


def units(words: str) -> list[Organisation]:
    """Units whose name has these words; schools and offices stand before shops. Names of units are public."""
    found = (
        Organisation.objects.filter(name__icontains=words.strip()) if words.strip() else Organisation.objects.none()
    )
    return list(found.order_by("name")[: rules.UNITS_SHOWN])


def is_unit(pk: int) -> bool:
    return Organisation.objects.filter(pk=pk).exists()


def home_words(me: Person) -> str:
    """Where the resident lives, as people say it."""
    province = next((_(one.label) for one in rules.Province if one.value == me.home_division), "")
    if province:
        return f"{province} {people.open_card(me).home}".strip()
    return places.area_name(me.home_division) if me.home_division else ""


def office_phone(me: Person | None) -> tuple[str, str]:
    """(name, telephone) of the nearest office: the resident's township, else the county."""
    township = me.home_division[:9].ljust(12, "0") if me else ""
    near = (township, prefix_of(township), settings.COUNTY, f"{settings.COUNTY}000000")
    rows = Organisation.objects.filter(kind="OFFICE", division__in=near).exclude(phone="").order_by("-division")
    found = rows.first()
    return (found.name, found.phone) if found else ("", "")
