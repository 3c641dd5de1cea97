"""People whom others bring in: entered by hand at a door, or typed by themselves there."""

import uuid
from datetime import datetime

from django.db import transaction

from zhuanban.base.accounts.rules import By, system
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Refusal
from zhuanban.registry.people import queries, rules
from zhuanban.registry.people.actions.residents import hold_document
from zhuanban.registry.people.models import Person
from zhuanban.registry.places import actions as places


@transaction.atomic
def register_manual(*, by: By, name: str, document: rules.Document, at: datetime, phone: str = "") -> Person:
    """The person with this document, made known if new: for entry by hand. The caller may enter, not read.

    What is already known of somebody stays as it is: a guard's spelling corrects nobody.
    """
    person = queries.find_by_document(document)
    if person is None:
        card = rules.card_of(name, phone=phone, document=document)
        person = Person(pk=uuid.uuid4(), origin=rules.Origin.MANUAL, created_at=at)
        person.sealed = rules.seal_card(card, person=person.pk, key=queries.people_key())
        person.phone_index = queries.phone_index(phone) if phone else None
        person.save(force_insert=True)
        hold_document(person, document)
        places.bump_snapshot(kind="person", key=person.pk.hex, at=at)
    audit.record(by=by, verb="people.register_manual", at=at, subject=person.pk.hex)
    return person


@transaction.atomic
def adopt_stranger(*, person: bytes, name: str, phone: str, notice: int, at: datetime) -> Person:
    """Somebody who typed name and phone at a door, as the gate recorded it; again and again gives the same row.

    `person` is the 16-byte id that the gate made. The phone is not proved: it opens no account and joins none.
    """
    pk = uuid.UUID(bytes=person)
    known = Person.objects.filter(pk=pk).first()
    if known is not None:
        return known
    card = rules.card_of(" ".join(name.split())[: rules.NAME_MAX], phone=phone[: rules.PHONE_MAX])
    made = Person(pk=pk, origin=rules.Origin.STRANGER, created_at=at, notice_version=notice, notice_at=at)
    made.sealed = rules.seal_card(card, person=pk, key=queries.people_key())
    made.phone_index = _index_of(phone)
    made.save(force_insert=True)
    audit.record(by=system("worker"), verb="people.adopt_stranger", at=at, subject=pk.hex)
    return made


def _index_of(phone: str) -> bytes | None:
    """What was typed at a door is kept even when it is no mobile number; then nobody is found by it."""
    try:
        return queries.phone_index(rules.normalise_phone(phone))
    except Refusal:
        return None
