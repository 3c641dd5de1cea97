"""Codes and orders, as the desk, the printer and the gate need them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Substr
from django.utils.translation import gettext

from zhuanban.base import ciphers
from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.errors import NotFound, Refusal
from zhuanban.base.spans import Span
from zhuanban.registry.codes import rules
from zhuanban.registry.codes.models import DoorCode, ScanOrder
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Door
from zhuanban.registry.places.rules import VenueState

OFFICE = "OFFICE"  # Organisation.kind of a township's or the county's own office


class CodeRevoked(Refusal):
    """A sheet of a code that no longer stands must not be printed again."""

    code = "CODE_REVOKED"
    status = 410


@dataclass(frozen=True, slots=True)
class DoorCodes:
    """The versions of one door's code."""

    versions: tuple[DoorCode, ...]
    live: DoorCode | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as the list shows it at one moment."""

    order: ScanOrder
    state: rules.OrderState


def code_of(door: Door) -> DoorCode | None:
    """The code that stands on a door now."""
    return DoorCode.objects.filter(door=door, revoked_at=None).first()


def codes_of(doors: Iterable[int]) -> dict[int, DoorCode]:
    """The standing codes of many doors, by door: one query for a page of a list."""
    return {code.door_id: code for code in DoorCode.objects.filter(door__in=doors, revoked_at=None)}


def codes_on(door: Door) -> DoorCodes:
    """Every code a door has had, the newest first, and the one that stands."""
    versions = tuple(DoorCode.objects.filter(door=door).order_by("-version"))
    return DoorCodes(versions, next((found for found in versions if found.revoked_at is None), None))


def code(by: By, pk: int, *, roles: tuple[Role, ...] | None = None) -> DoorCode:
    """Raises: NotFound, also for a code on a door that is not `by`'s to see; with `roles`, by virtue of these."""
    mine = places.doors(by, roles=roles)
    found = DoorCode.objects.filter(pk=pk, door__in=mine).select_related("door__venue").first()
    if found is None:
        raise NotFound(gettext("没有这个场所码"))
    return found


def may_issue(by: By, door: Door) -> bool:
    """Whether `by` may issue, replace and revoke this door's codes."""
    return places.doors(by, roles=rules.ISSUERS).filter(pk=door.pk).exists()


def token_of(code: DoorCode) -> str:
    """The 24 characters behind `/s/` of its sheet."""
    return rules.write_door(code.pk, key=ciphers.key("shared/codes"))


def url_of(code: DoorCode) -> str:
    """What its QR says."""
    return f"{settings.PUBLIC_URL}/s/{token_of(code)}"


def sheet(code: DoorCode) -> rules.Sheet:
    """What is printed on the sheet. Raises: CodeRevoked."""
    if code.revoked_at:
        raise CodeRevoked(gettext("这一版场所码已作废，请打印现行的一版"))
    facts = next(_facts(DoorCode.objects.filter(pk=code.pk)))
    return rules.Sheet(
        county=settings.COUNTY_NAME,
        venue=facts.venue_name,
        door=facts.door_name,
        address=facts.address,
        url=url_of(code),
        short=rules.display_short(code.short),
        version=code.version,
        issued_at=code.issued_at,
        office_name=facts.office_name,
        office_phone=facts.office_phone,
        retention_days=settings.RETENTION_DAYS,
    )


def doors_for_snapshot() -> Iterator[rules.DoorFacts]:
    """Every code ever issued, revoked ones too: a signed-in checker is told which it was. One query, streamed."""
    return _facts(DoorCode.objects.all())


def door_for_snapshot(door: int) -> Iterator[rules.DoorFacts]:
    """The same for all codes of one door that has changed."""
    return _facts(DoorCode.objects.filter(door_id=door))


def _facts(codes: QuerySet[DoorCode]) -> Iterator[rules.DoorFacts]:
    township = Concat(Substr(OuterRef("door__division"), 1, 9), Value("000"))
    county = Value(f"{settings.COUNTY}000000")
    offices = Organisation.objects.filter(kind=OFFICE, division__in=[township, county]).order_by("-division", "pk")
    live = Q(revoked_at=None, door__is_open=True, door__venue__state=VenueState.ACTIVE)
    rows = codes.order_by("door", "version").values_list(
        "pk",
        "door_id",
        "short",
        "door__venue__name",
        "door__name",
        "door__venue__address",
        "door__division",
        ExpressionWrapper(live, BooleanField()),
        ExpressionWrapper(Q(revoked_at__isnull=False), BooleanField()),
        "door__venue__type__name",
        "door__venue__type__unverified",
        "door__venue__type__is_medical",
        Coalesce(Subquery(offices.values("name")[:1]), Value("")),
        Coalesce(Subquery(offices.values("phone")[:1]), Value("")),
    )
    return (rules.DoorFacts(*row) for row in rows.iterator())


# --- orders ---------------------------------------------------------------------------------------------------------


def orders() -> QuerySet[ScanOrder]:
    """Every order, the latest first. Orders are public notices: whoever asks may see them."""
    return ScanOrder.objects.order_by("-from_at", "-pk")


def order_lines(at: datetime) -> list[OrderLine]:
    """Every order with its state at `at`, the latest first."""
    return [OrderLine(found, rules.order_state(runs(found), at=at)) for found in orders()]


def order(pk: int) -> ScanOrder:
    """Raises: NotFound."""
    found = ScanOrder.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("没有这份命令"))
    return found


def order_at(at: datetime) -> ScanOrder | None:
    """The order under which scanning runs at `at`; None: no scan."""
    running = Q(from_at__lte=at, until_at__gt=at) & (Q(ended_at=None) | Q(ended_at__gt=at))
    return orders().filter(running).first()


def orders_for_snapshot() -> tuple[rules.OrderFacts, ...]:
    """Every order with the time it runs, also those to come: with the database down the gate still knows its end."""
    return tuple(
        rules.OrderFacts(number=found.number, title=found.title, issuer=found.issuer, runs=runs(found))
        for found in orders()
    )


def runs(order: ScanOrder) -> Span:
    """From its beginning to its end, or to the moment it was ended early."""
    return Span(order.from_at, min(order.until_at, order.ended_at or order.until_at))
