"""Families: bound from both sides, by a guardian, or by a grid worker who saw the documents."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, NotFound, Refusal
from zhuanban.registry.people import queries, rules
from zhuanban.registry.people.actions.residents import hold_document
from zhuanban.registry.people.models import Bond, BondRequest, Person
from zhuanban.registry.people.queries import family as kin
from zhuanban.registry.places import actions as places


class NotYourself(Refusal):
    code = "NOT_YOURSELF"
    status = 422


class TooManyRequests(Refusal):
    code = "TOO_MANY_REQUESTS"
    status = 429


@transaction.atomic
def add_companion(
    *,
    by: By,
    name: str,
    relation: rules.Relation,
    document: rules.Document | None,
    is_guardian: bool,
    at: datetime,
) -> Bond:
    """Somebody without an account whom the resident may enter: a child, an old mother.

    Raises: SignInFirst, FamilyFull, GuardianNeeded.
    """
    me = queries.own(by)
    rules.check_room(queries.taken_places(me, at))
    years = rules.age(document.birth, at) if document and document.birth else None
    rules.check_guardian(relation, years, is_confirmed=is_guardian)
    card = rules.card_of(name, document=document)
    member = Person(pk=uuid.uuid4(), home_division=me.home_division, origin=rules.Origin.FAMILY, created_at=at)
    member.notice_version, member.notice_at = me.notice_version, at
    member.sealed = rules.seal_card(card, person=member.pk, key=queries.people_key())
    member.save(force_insert=True)
    if document is not None:
        hold_document(member, document)
    return _bind(by, Bond(person=me, member=member, relation=relation), at)


@transaction.atomic
def ask_bond(*, by: By, phone: str, relation: rules.Relation, at: datetime) -> BondRequest:
    """Ask whoever owns this phone. The phone is not looked up: known or not, the same row is written.

    Raises: SignInFirst, FamilyFull, NotYourself, TooManyRequests.
    """
    me, index = queries.own(by), queries.phone_index(phone)
    if index == bytes(me.account_phone_index or b""):
        raise NotYourself(_("这是您自己的手机号，请写家人的"))
    lately = BondRequest.objects.filter(person=me, asked_at__gt=at - rules.ASKING_LIFETIME)
    waiting = lately.filter(phone_index=index, withdrawn_at=None, bond=None).first()
    if waiting is not None:
        return waiting
    rules.check_room(queries.taken_places(me, at))
    if lately.count() >= rules.ASKINGS_MAX:
        raise TooManyRequests(_("这几天发出的请求太多了，请过几天再试"))
    bound_to = kin.request_bound_to(me.pk)
    sealed = ciphers.seal(rules.mask_phone(phone).encode(), key=queries.people_key(), bound_to=bound_to)
    made = BondRequest.objects.create(person=me, phone_index=index, sealed=sealed, relation=relation, asked_at=at)
    audit.record(by=by, verb="people.ask_bond", at=at, subject=by.key, target=f"bond-request:{made.pk}")
    return made


@transaction.atomic
def withdraw_request(*, by: By, pk: int, at: datetime) -> None:
    """Take back a request of one's own. Raises: NotFound."""
    waiting = BondRequest.objects.filter(pk=pk, person=queries.own(by), withdrawn_at=None, bond=None)
    if not waiting.update(withdrawn_at=at):
        raise NotFound(_("没有这个请求"))
    audit.record(by=by, verb="people.withdraw_request", at=at, subject=by.key, target=f"bond-request:{pk}")


@transaction.atomic
def agree_bond(*, by: By, pk: int, at: datetime) -> Bond:
    """Say yes to a request: the asker may enter the resident from now on. Raises: NotFound, FamilyFull."""
    asked = _waiting(by, pk, at)
    me = queries.own(by)
    rules.check_room(queries.taken_places(asked.person, at) - 1)  # the request itself holds one place
    bond = _bind(by, Bond(person=asked.person, member=me, relation=asked.relation), at)
    asked.answered_at, asked.bond = at, bond
    asked.save(update_fields=["answered_at", "bond"])
    return bond


@transaction.atomic
def decline_bond(*, by: By, pk: int, at: datetime) -> None:
    """Say no. The asker sees nothing but silence. Raises: NotFound."""
    asked = _waiting(by, pk, at)
    asked.answered_at = at
    asked.save(update_fields=["answered_at"])
    audit.record(by=by, verb="people.decline_bond", at=at, subject=by.key, target=f"bond-request:{pk}")


def _waiting(by: By, pk: int, at: datetime) -> BondRequest:
    asked = queries.open_request(by, pk, at)
    if asked is None:
        raise NotFound(_("没有这个请求，可能已经过期"))
    return asked


@transaction.atomic
def end_bond(*, by: By, pk: int, at: datetime) -> Bond:
    """Either side ends it. A companion whom nobody else may enter is deleted with it. Raises: NotFound."""
    mine = Q(person=by.key) | Q(member=by.key)
    rows = Bond.objects.select_for_update(of=("self",)).select_related("member")
    bond = rows.filter(mine, pk=pk, ended_at=None).first()
    if bond is None:
        raise NotFound(_("没有这位家人"))
    bond.ended_at = at
    bond.save(update_fields=["ended_at"])
    _note(by, "people.end_bond", bond, at)
    if not Bond.objects.filter(member=bond.member, ended_at=None).exists():
        forget_companion(bond.member, at)
    return bond


@transaction.atomic
def bind_family(
    *, by: By, person: uuid.UUID, member: uuid.UUID, relation: rules.Relation, reason: str, at: datetime
) -> Bond:
    """A grid worker has both people before them and has seen their documents; `reason` says which.

    Raises: Forbidden, NotFound, FamilyFull.
    """
    if not by.has(Role.GRID_WORKER):
        raise Forbidden(_("只有网格员看过证件后可以绑定家人"))
    carer, cared = queries.person(by, person), queries.person(by, member)
    rules.check_room(queries.taken_places(carer, at))
    return _bind(by, Bond(person=carer, member=cared, relation=relation), at, reason=reason)


def _bind(by: By, wanted: Bond, at: datetime, *, reason: str = "") -> Bond:
    """The bond as wanted, agreed at once; the standing one where the two are bound already."""
    fresh = {"relation": wanted.relation, "asked_at": at, "agreed_at": at, "agreed_by": by.key}
    same = {"person": wanted.person, "member": wanted.member, "ended_at": None}
    bond, is_new = Bond.objects.get_or_create(**same, defaults=fresh)
    if is_new:
        _note(by, "people.bind", bond, at, reason=reason)
    return bond


def _note(by: By, verb: str, bond: Bond, at: datetime, *, reason: str = "") -> None:
    """Both sides find the change in their own record; the gate learns of the one who may now enter more or fewer."""
    for side in (bond.person_id, bond.member_id):
        audit.record(by=by, verb=verb, at=at, subject=side.hex, target=f"bond:{bond.pk}", reason=reason)
    places.bump_snapshot(kind="person", key=bond.person_id.hex, at=at)


def forget_companion(member: Person, at: datetime) -> None:
    """Empty the row of somebody without an account whom nobody may enter any more."""
    if member.origin != rules.Origin.FAMILY or member.account_phone_index is not None:
        return
    member.sealed, member.deleted_at = b"", at
    member.document_index = member.claimed_index = member.phone_index = None
    member.home_division, member.unit = "", None
    member.save()
