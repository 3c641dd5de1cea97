"""The code that a resident shows, and the colour that a door would see."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import segno
from django.utils.translation import gettext as _

from zhuanban.base import ciphers
from zhuanban.base.errors import NotFound
from zhuanban.registry.codes import rules as codes
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.queries import Kin
from zhuanban.trail.status import queries as status
from zhuanban.trail.status import rules as colours

QUIET_MODULES = 4  # blank modules around a QR code; source: ISO/IEC 18004


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
    until, why = colours.moment(verdict.fact.until_at, _), colours.why(verdict.fact, _)
    return Health(verdict.colour, until, verdict.fact.issuer, why)


def is_held(person: Person, at: datetime) -> bool:
    """Whether a red or yellow code is in force: then the data is still needed."""
    fact = colours.in_force(status.current_fact(person.pk, at), at=at)
    return fact is not None and fact.colour in colours.STOPPING
