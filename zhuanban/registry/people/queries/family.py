"""Who may be entered together, and who has asked whom."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import Q, QuerySet

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By
from zhuanban.registry.people import rules
from zhuanban.registry.people.models import Bond, BondRequest, Person
from zhuanban.registry.people.queries import persons

SELF = "本人"


@dataclass(frozen=True, slots=True)
class Kin:
    """One person on the family page; `bond` is None for oneself."""

    person: uuid.UUID
    name: str  # masked
    relation: str
    age: int | None
    bond: int | None = None
    has_account: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to be family. `who` is the asker's masked name to the asked, the masked phone to the asker."""

    pk: int
    who: str
    relation: str
    asked_at: datetime
    lapses_at: datetime


def family_of(person: Person, at: datetime | None = None) -> tuple[Kin, ...]:
    """Oneself first, then everybody whom `person` may enter, in the order they were bound."""
    card = persons.open_card(person)
    mine = card.masked(at)
    found = [Kin(person.pk, mine.name, SELF, mine.age)]
    for bond in _standing().filter(person=person).select_related("member").order_by("agreed_at", "pk"):
        card = persons.open_card(bond.member)
        shown, relation = card.masked(at), card.called(rules.Relation(bond.relation))
        has_account = bond.member.account_phone_index is not None
        found.append(Kin(bond.member.pk, shown.name, relation, shown.age, bond.pk, has_account))
    return tuple(found)


def in_reach_of(person: Person) -> QuerySet[Bond]:
    """Those who may enter `person`: the other side of the family page."""
    return _standing().filter(member=person).select_related("person").order_by("agreed_at", "pk")


def family_token(person: Person, at: datetime) -> str:
    """What the scan page shows to tick, sealed for the browser."""
    members = [rules.Member(kin.person.bytes, kin.name, kin.relation, kin.age) for kin in family_of(person, at)]
    return rules.write_family(members, key=ciphers.key("shared/session"))


def requests_to(by: By, at: datetime) -> list[Asked]:
    """Who waits for the resident's yes: found by the phone that the resident has proved."""
    me = persons.own(by)
    rows = _open_requests(at).filter(phone_index=me.account_phone_index).exclude(person=me).select_related("person")
    return [_asked(row, persons.masked(row.person).name) for row in rows.order_by("asked_at", "pk")]


def requests_of(by: By, at: datetime) -> list[Asked]:
    """Whom the resident has asked and not heard from; a no cannot be told from silence."""
    key = persons.people_key()
    rows = _lapsing(at).filter(person=persons.own(by), bond=None).order_by("asked_at", "pk")
    return [
        _asked(row, ciphers.open_(bytes(row.sealed), key=key, bound_to=request_bound_to(row.person_id)))
        for row in rows
    ]


def request_bound_to(asker: uuid.UUID) -> bytes:
    return b"bond request " + asker.bytes


def open_request(by: By, pk: int, at: datetime) -> BondRequest | None:
    """A request to the resident that still waits, locked."""
    me = persons.own(by)
    rows = _open_requests(at).filter(phone_index=me.account_phone_index).exclude(person=me)
    return rows.select_for_update(of=("self",)).select_related("person").filter(pk=pk).first()


def taken_places(person: Person, at: datetime) -> int:
    """Members, and requests that may still become members."""
    return _standing().filter(person=person).count() + _lapsing(at).filter(person=person, bond=None).count()


def snapshot_family() -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
    """Everybody who may enter others, with those others; for the gate. 16-byte ids."""
    pairs = _standing().order_by("person_id", "agreed_at").values_list("person_id", "member_id").iterator()
    for person, members in groupby(pairs, key=itemgetter(0)):
        yield person.bytes, tuple(member.bytes for _, member in members)


def family_for_snapshot(person: uuid.UUID) -> tuple[bytes, ...]:
    """One person's row of `snapshot_family`, after a change."""
    rows = _standing().filter(person=person).order_by("agreed_at").values_list("member_id", flat=True)
    return tuple(member.bytes for member in rows)


def _standing() -> QuerySet[Bond]:
    return Bond.objects.filter(
        ended_at=None, agreed_at__isnull=False, member__deleted_at=None, person__deleted_at=None
    )


def _lapsing(at: datetime) -> QuerySet[BondRequest]:
    return BondRequest.objects.filter(asked_at__gt=at - rules.ASKING_LIFETIME, withdrawn_at=None)


def _open_requests(at: datetime) -> QuerySet[BondRequest]:
    return _lapsing(at).filter(~Q(phone_index=b""), answered_at=None, person__deleted_at=None)


def _asked(row: BondRequest, who: str | bytes) -> Asked:
    name = who.decode() if isinstance(who, bytes) else who
    relation = rules.Relation(row.relation).label
    return Asked(row.pk, name, relation, row.asked_at, row.asked_at + rules.ASKING_LIFETIME)
