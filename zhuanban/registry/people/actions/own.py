"""What a resident may do with their own data: take it along, have it deleted, sign out everywhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Refusal
from zhuanban.registry.people import queries, rules
from zhuanban.registry.people.actions.family import forget_companion
from zhuanban.registry.people.actions.residents import Home
from zhuanban.registry.people.models import Bond, BondRequest, OneTimeCode, Person
from zhuanban.registry.places import actions as places


class StillNeeded(Refusal):
    """Deletion waits until a red or yellow code has ended: its purpose is not yet fulfilled."""

    code = "STILL_NEEDED"


@transaction.atomic
def export_own(*, by: By, at: datetime) -> dict[str, Any]:
    """Everything this package holds about the resident, in words, ready for JSON. Raises: SignInFirst."""
    me = queries.own(by)
    card, reach = queries.open_card(me), queries.in_reach_of(me)
    audit.record(by=by, verb="people.export", at=at, subject=by.key)
    return {
        "姓名": card.name,
        "手机号": card.phone,
        "证件": card.identity().document_kind,
        "证件号码": card.document,
        "住址区划": me.home_division,
        "住址": card.home,
        "单位": me.unit.name if me.unit else "",
        "注册时间": me.created_at.isoformat(),
        "同意告知书": {"版本": me.notice_version, "时间": me.notice_at.isoformat() if me.notice_at else ""},
        "我的家人": [{"姓名": kin.name, "关系": kin.relation} for kin in queries.family_of(me, at)[1:]],
        "可以替我登记的人": [queries.masked(bond.person).name for bond in reach],
    }


@transaction.atomic
def delete_own(*, by: By, at: datetime, is_held: Callable[[Person], bool]) -> None:
    """Empty the resident's row, end the family, void every session. The visits die with their own days.

    `is_held` says whether a red or yellow code is in force (trail.status knows; this package does not).

    Raises: SignInFirst, StillNeeded.
    """
    queries.own(by)
    me = Person.objects.select_for_update().get(pk=by.key)
    if is_held(me):
        raise StillNeeded(_("您有红码或黄码还在生效，防疫工作还要联系您。到期后可以马上注销，或先申请更正"))
    changed = {by.key, *_end_bonds(me, at)}
    BondRequest.objects.filter(person=me).update(withdrawn_at=at, sealed=b"", phone_index=b"")
    OneTimeCode.objects.filter(phone_index=me.account_phone_index).delete()
    _empty(me, at)
    audit.record(by=by, verb="people.delete", at=at, subject=by.key)
    places.bump_snapshot_many(kind="person", keys=sorted(changed), at=at)


def _end_bonds(me: Person, at: datetime) -> list[str]:
    """Whose families have changed."""
    ended = list(Bond.objects.filter(Q(person=me) | Q(member=me), ended_at=None).select_related("member"))
    Bond.objects.filter(pk__in=[bond.pk for bond in ended]).update(ended_at=at)
    for bond in ended:
        if not Bond.objects.filter(member=bond.member, ended_at=None).exists():
            forget_companion(bond.member, at)
    return [bond.person_id.hex for bond in ended]


def _empty(me: Person, at: datetime) -> None:
    me.sealed, me.home_division, me.unit = b"", "", None
    me.phone_index = me.account_phone_index = me.document_index = me.claimed_index = None
    me.deleted_at = me.signed_out_before = at
    me.save()


@transaction.atomic
def sign_out_everywhere(*, by: By, at: datetime) -> Person:
    """Void every session token issued until now, this browser's included. Raises: SignInFirst."""
    me = queries.own(by)
    me.signed_out_before = at
    me.save(update_fields=["signed_out_before"])
    audit.record(by=by, verb="people.sign_out_everywhere", at=at, subject=by.key)
    places.bump_snapshot(kind="person", key=by.key, at=at)
    return me


@transaction.atomic
def accept_notice(*, by: By, version: int, at: datetime) -> Person:
    """Note that the resident has read a newer 告知书 and goes on. Raises: SignInFirst."""
    me = queries.own(by)
    me.notice_version, me.notice_at = max(version, me.notice_version), at
    me.save(update_fields=["notice_version", "notice_at"])
    audit.record(by=by, verb="people.accept_notice", at=at, subject=by.key, detail={"notice": version})
    return me


@transaction.atomic
def move_home(*, by: By, home: Home, at: datetime) -> Person:
    """The resident lives elsewhere now: that is whom a yellow code is handed to. Raises: SignInFirst."""
    me = queries.own(by)
    card = queries.open_card(me)
    moved = rules.Card(card.name, card.phone, card.document_kind, card.document, card.birth, home.words)
    me.sealed = rules.seal_card(moved, person=me.pk, key=queries.people_key())
    me.home_division = home.division
    me.save(update_fields=["sealed", "home_division"])
    audit.record(by=by, verb="people.move_home", at=at, subject=by.key)
    return me


@transaction.atomic
def change_unit(*, by: By, unit: int | None, at: datetime) -> Person:
    """The resident works or learns elsewhere now, or nowhere. Raises: SignInFirst."""
    me = queries.own(by)
    me.unit_id = unit
    me.save(update_fields=["unit"])
    audit.record(by=by, verb="people.change_unit", at=at, subject=by.key)
    return me
