"""No colour without evidence and, by hand, a second person (PROMISES 12)."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from zhuanban.base.errors import Refusal
from zhuanban.trail.status import actions
from zhuanban.trail.status.models import Fact, Feed, Proposal
from zhuanban.trail.status.rules import Colour, Source
from zhuanban.trail.status.tests import county, routes
from zhuanban.trail.status.tests.county import CITY, DUTY, FEED, HOUR, NOW, OFFICER, SAME_HUMAN, SECOND

pytestmark = pytest.mark.django_db
STEPS = 20_000 if os.getenv("ZHUANBAN_FULL") else 2_000


def is_refused(attempt: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            attempt()
            if connection.vendor == "postgresql":
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
            else:
                connection.check_constraints()
            transaction.set_rollback(True)
    except (Refusal, DatabaseError):
        return True
    return False


def facts() -> list[tuple[Any, ...]]:
    return list(Fact.objects.order_by("pk").values_list())


def prepared() -> list[routes.Route]:
    actions.open_feed(by=FEED, issuer=CITY, at=NOW)
    row, other = county.person(1), county.person(2)
    return routes.all_of(row, other, county.received(row))


def test_every_way_round_the_second_person_is_refused() -> None:
    ways = prepared()
    before = facts()

    open_ways = [name for name, attempt in ways if not is_refused(attempt)]

    assert len(ways) >= 50 and open_ways == []
    assert facts() == before


def test_the_rows_that_the_routes_spoil_are_right_before() -> None:
    """Else the routes would be refused for another reason than the one they are named after."""
    actions.open_feed(by=FEED, issuer=CITY, at=NOW)
    row, right = county.person(), routes.accepted()
    same = {"person_id": right.person_id, "proposal_id": right.pk, "from_at": right.from_at}

    county.insert("status_fact", county.a_right_row(Source.FEED, row))
    county.insert("status_fact", county.a_right_row(Source.LIST, row))
    county.insert("status_fact", county.a_right_row(Source.OFFICER, row, **same))

    assert Fact.objects.count() == 3


@pytest.mark.parametrize("trigger", ["fact_never_changes", "fact_as_proposed", "fact_of_known_feed"])
def test_without_a_trigger_a_way_is_open(trigger: str) -> None:
    ways = prepared()

    county.as_owner(f"DROP TRIGGER {trigger}" + ("" if connection.vendor == "sqlite" else " ON status_fact"))

    assert [name for name, attempt in ways if not is_refused(attempt)] != []


def test_without_its_constraint_one_person_is_enough() -> None:
    ways = prepared()

    if connection.vendor == "sqlite":
        county.as_owner("PRAGMA ignore_check_constraints = ON")
    else:
        county.as_owner("ALTER TABLE status_fact DROP CONSTRAINT fact_by_hand_needs_two")
    open_ways = [name for name, attempt in ways if not is_refused(attempt)]
    if connection.vendor == "sqlite":
        county.as_owner("PRAGMA ignore_check_constraints = OFF")

    assert "LIST with the same confirmer" in open_ways


def test_whatever_happens_in_whatever_order_no_colour_is_without_evidence_and_two() -> None:
    actions.open_feed(by=FEED, issuer=CITY, at=NOW)
    machine = Machine(random.Random(12))

    for step in range(STEPS):
        machine.step()
        if step % 100 == 0:
            machine.check()

    machine.check()
    assert machine.made > STEPS / 20 and machine.refused > STEPS / 10


class Machine:
    """Everybody does anything at any moment; what is once a fact stays that fact."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.at = chance, NOW
        self.people = [county.person(n) for n in range(1, 6)]
        self.known: dict[int, tuple[Any, ...]] = {}
        self.made = self.refused = 0

    def step(self) -> None:
        self.at += self.chance.random() * HOUR / 60
        attempt = self.chance.choice([self.receive, self.propose, self.confirm, self.refuse, self.forge, self.change])
        try:
            with transaction.atomic():
                self.made += attempt() is not None
        except (Refusal, DatabaseError):
            self.refused += 1

    def receive(self) -> Fact:
        colour, evidence = self.chance.choice(list(Colour)), f"消息 {self.chance.randrange(10**6)}"
        by = self.chance.choice([FEED, FEED, OFFICER])
        return county.received(self.chance.choice(self.people), by=by, colour=colour, evidence=evidence, at=self.at)

    def propose(self) -> None:
        by, reason = self.chance.choice([OFFICER, SECOND, SAME_HUMAN, DUTY]), self.chance.choice(["", "同乘班车"])
        county.proposed(by=by, reason=reason, at=self.at, until_at=self.at + 8 * HOUR)

    def confirm(self) -> Fact:
        return actions.confirm(by=self._somebody(), pk=self._some_proposal(), at=self.at)

    def refuse(self) -> None:
        actions.refuse(by=self._somebody(), pk=self._some_proposal(), answer="证据不足", at=self.at)

    def forge(self) -> None:
        source, two = self.chance.choice([Source.LIST, Source.OFFICER]), self.chance.choice(["", OFFICER.identity])
        county.insert("status_fact", county.a_right_row(source, self.chance.choice(self.people), confirmed_by=two))

    def change(self) -> None:
        Fact.objects.filter(person=self.chance.choice(self.people)).update(colour=Colour.GREEN)

    def check(self) -> None:
        rows = {row[0]: row for row in Fact.objects.values_list()}
        assert self.known.items() <= rows.items()
        self.known = rows
        for fact in Fact.objects.select_related("proposal"):
            assert fact.evidence.strip() and fact.reason.strip() and fact.until_at > fact.from_at
            if fact.source == Source.FEED:
                assert Feed.objects.filter(issuer=fact.issuer).exists() and fact.entered_by == FEED.identity
            else:
                assert fact.proposal is not None
                assert {fact.entered_by, fact.confirmed_by} >= {fact.proposal.proposed_by, fact.proposal.decided_by}
                assert fact.proposal.is_accepted and fact.entered_by != fact.confirmed_by

    def _somebody(self) -> Any:
        return self.chance.choice([OFFICER, SECOND, SAME_HUMAN, DUTY])

    def _some_proposal(self) -> int:
        newest = list(Proposal.objects.order_by("-pk").values_list("pk", flat=True)[:5])
        return self.chance.choice(newest or [0])
