"""The crowd of the invented county: residents and their families, written in bulk.

One by one, as people register, three thousand of them would take a minute; the rows are the same.
"""

import random
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from zhuanban.base.accounts.rules import system
from zhuanban.base.audit import actions as audit
from zhuanban.demo import words
from zhuanban.registry.people import queries, rules
from zhuanban.registry.people.models import Bond, Person
from zhuanban.registry.people.rules import DocumentKind, Origin, Relation
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Division

OUTSIDE = ("130400000000", "河北省邯郸市")  # where four in a hundred are at home
OUTSIDE_SHARE, FAMILY_SHARE = 0.04, 0.12
WITH_FAMILY = 2  # the first ones, for walking through
BY = system("demo")


def settle(chance: random.Random, spots: Sequence[Division], count: int, at: datetime) -> list[Person]:
    """`count` residents with accounts; some have a mother and a child whom their phone may enter."""
    people = [_resident(chance, spots, one, at) for one in words.residents(chance, count, at.date())]
    Person.objects.bulk_create(people, batch_size=500)
    bonds: list[Bond] = []
    members: list[Person] = []
    for number, person in enumerate(people):
        if number < WITH_FAMILY or chance.random() < FAMILY_SHARE:
            for relation, born in ((Relation.PARENT, date(1950, 3, 8)), (Relation.CHILD, date(2018, 6, 1))):
                members.append(_member(chance, born + timedelta(days=number % 365), person, at))
                bonds.append(_bond(person, members[-1], relation, at))
    Person.objects.bulk_create(members, batch_size=500)
    Bond.objects.bulk_create(bonds, batch_size=500)
    audit.record(by=BY, verb="people.demo", at=at, target="residents", detail={"rows": len(people) + len(members)})
    places.bump_snapshot(kind="person", key=people[0].pk.hex, at=at)
    return people


def _resident(chance: random.Random, spots: Sequence[Division], one: words.Resident, at: datetime) -> Person:
    is_outside = chance.random() < OUTSIDE_SHARE
    home, said = OUTSIDE if is_outside else (chance.choice(spots).code, "")
    document = rules.check_document(DocumentKind.ID, one.document, at)
    person = _sealed(rules.card_of(one.name, phone=one.phone, document=document, home=said), at)
    person.phone_index = person.account_phone_index = queries.phone_index(one.phone)
    person.document_index = person.claimed_index = queries.document_index(document)
    person.home_division, person.origin = home, Origin.SELF
    return person


def _member(chance: random.Random, born: date, person: Person, at: datetime) -> Person:
    document = rules.check_document(DocumentKind.ID, words.id_number(chance, born), at)
    member = _sealed(rules.card_of(words.name(chance), document=document), at)
    member.claimed_index = queries.document_index(document)  # two invented children may share a number
    member.home_division, member.origin = person.home_division, Origin.FAMILY
    return member


def _sealed(card: rules.Card, at: datetime) -> Person:
    person = Person(pk=uuid.uuid4(), created_at=at, notice_version=rules.NOTICE_VERSION, notice_at=at)
    person.sealed = rules.seal_card(card, person=person.pk, key=queries.people_key())
    return person


def _bond(person: Person, member: Person, relation: Relation, at: datetime) -> Bond:
    return Bond(person=person, member=member, relation=relation, asked_at=at, agreed_at=at, agreed_by=person.pk.hex)
