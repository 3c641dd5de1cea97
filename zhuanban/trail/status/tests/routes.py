"""Every way we could think of to give somebody a colour without evidence or without a second person.

Each route is a name and a function that tries it. All must end in a refusal, and leave the facts as they were.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import connection

from zhuanban.base.accounts.rules import Role
from zhuanban.registry.people.models import Person
from zhuanban.trail.status import actions
from zhuanban.trail.status.models import Fact, Feed, Proposal
from zhuanban.trail.status.rules import Colour, Source
from zhuanban.trail.status.tests import county
from zhuanban.trail.status.tests.county import COUNTY, DAY, NOW, OFFICER, SAME_HUMAN, SECOND

Route = tuple[str, Callable[[], Any]]
BLANK = {"nothing": None, "empty": "", "blanks": "    ", "a letter": "x"}


def all_of(row: Person, other: Person, standing: Fact) -> list[Route]:
    """`standing` is a red fact that holds; `other` another person."""
    return [
        *_rows_without_words(row),
        *_rows_without_two(row),
        *_rows_without_proposal(row, other),
        *_strange_rows(row),
        *_changed_rows(standing, other),
        *_changed_proposals(row),
        *_actions(row),
    ]


def _try_row(source: Source, row: Person, /, **changes: Any) -> Callable[[], None]:
    return lambda: county.insert("status_fact", county.a_right_row(source, row, **changes))


def _rows_without_words(row: Person) -> Iterator[Route]:
    for source in (Source.FEED, Source.LIST):
        for column in ("evidence", "reason", "issuer"):
            for how, value in BLANK.items():
                yield f"{source} with {how} as {column}", _try_row(source, row, **{column: value})


def _rows_without_two(row: Person) -> Iterator[Route]:
    proposal = accepted()
    said: dict[str, Any] = {"person_id": proposal.person_id, "from_at": proposal.from_at}
    for source in (Source.LIST, Source.OFFICER):
        said["proposal_id"] = proposal.pk if source is Source.OFFICER else None
        spoilt: dict[str, dict[str, Any]] = {
            "no confirmer": {"confirmed_by": ""},
            "no confirmer at all": {"confirmed_by": None},
            "the same confirmer": {"confirmed_by": OFFICER.identity},
            "a process as confirmer": {"confirmed_by": "system:relay"},
            "no author": {"entered_by": ""},
            "a process as author": {"entered_by": "system:relay"},
        }
        for what, change in spoilt.items():
            yield f"{source} with {what}", _try_row(source, row, **said | change)


def accepted(**changes: Any) -> Proposal:
    """A proposal that was confirmed by SQL alone, without its fact: what a forger could begin with."""
    made = county.proposed(**changes)
    Proposal.objects.filter(pk=made.pk).update(decided_at=NOW, decided_by=SECOND.identity, is_accepted=True)
    return made


def _rows_without_proposal(row: Person, other: Person) -> Iterator[Route]:
    open_, refused, right = county.proposed(), county.proposed(), accepted()
    Proposal.objects.filter(pk=refused.pk).update(decided_at=NOW, decided_by=SECOND.identity, is_accepted=False)
    same: dict[str, Any] = {"person_id": right.person_id, "proposal_id": right.pk}
    spoilt: dict[str, dict[str, Any]] = {
        "no proposal": {"proposal_id": None},
        "a proposal that is not there": {"proposal_id": 10**9},
        "a proposal nobody has decided": {"proposal_id": open_.pk},
        "a proposal that was refused": {"proposal_id": refused.pk},
        "the proposal for another person": {"person_id": other.pk},
        "the proposal of another colour": {"colour": Colour.YELLOW},
        "the proposal with other evidence": {"evidence": "判定 030-1"},
        "the proposal with another reason": {"reason": "参加了集会"},
        "the proposal of another issuer": {"issuer": "长子县专班"},
        "the proposal made longer": {"until_at": right.until_at + DAY},
        "the proposal begun earlier": {"from_at": right.from_at - DAY},
        "the proposal of another author": {"entered_by": "identity:9"},
        "the proposal confirmed by a third": {"confirmed_by": "identity:9"},
    }
    for what, change in spoilt.items():
        yield f"officer with {what}", _try_row(Source.OFFICER, row, **same | change)
    yield "list with a proposal", _try_row(Source.LIST, row, **same)


def _strange_rows(row: Person) -> Iterator[Route]:
    for colour in ("", "UNVERIFIED", "BLUE", "red", None):
        yield f"the colour {colour!r}", _try_row(Source.FEED, row, colour=colour)
    for source in ("", "SCAN", "CHECK", "feed", None):
        yield f"the source {source!r}", _try_row(Source.FEED, row, source=source)
    yield "a feed nobody registered", _try_row(Source.FEED, row, issuer="某平台")
    yield "a feed typed by a hand", _try_row(Source.FEED, row, entered_by=OFFICER.identity)
    yield "a feed with nobody", _try_row(Source.FEED, row, entered_by="")
    yield "a colour without end", _try_row(Source.FEED, row, until_at=None)
    yield "a colour that ends before it begins", _try_row(Source.FEED, row, until_at=NOW - DAY)
    yield "a colour of no time", _try_row(Source.FEED, row, until_at=NOW)
    yield "a colour for a year", _try_row(Source.FEED, row, until_at=NOW + 365 * DAY)
    yield "a colour by hand for three weeks", _try_row(Source.LIST, row, until_at=NOW + 21 * DAY)
    yield "a colour without beginning", _try_row(Source.FEED, row, from_at=None)
    yield "a colour of nobody", _try_row(Source.FEED, row, person_id=None)
    yield "by the model", lambda: Fact.objects.create(person=row, colour=Colour.RED, from_at=NOW, until_at=NOW + DAY)
    yield "in bulk", lambda: Fact.objects.bulk_create([_bare(row)])
    yield "in bulk over another", lambda: Fact.objects.bulk_create([_bare(row)], ignore_conflicts=False)


def _bare(row: Person) -> Fact:
    return Fact(
        person=row, colour=Colour.RED, source=Source.LIST, issuer=COUNTY, reason="与病例同乘", evidence="名单 3-7",
        from_at=NOW, until_at=NOW + DAY, entered_at=NOW, entered_by=OFFICER.identity,
    )  # fmt: skip


def _changed_rows(standing: Fact, other: Person) -> Iterator[Route]:
    changes: dict[str, Any] = {
        "colour": Colour.GREEN, "reason": "无理由变更", "issuer": "某平台", "evidence": "后补材料",
        "source": Source.LIST,
        "from_at": NOW - 2 * DAY, "until_at": NOW + 9 * DAY, "entered_at": NOW - DAY, "entered_by": "system:x",
        "confirmed_by": "identity:9", "person": other,
    }  # fmt: skip
    for column, value in changes.items():
        yield f"changing {column}", partial(Fact.objects.filter(pk=standing.pk).update, **{column: value})
    yield "saving it again", standing.save
    yield "updating in bulk", lambda: Fact.objects.bulk_update([standing], ["colour"])
    yield "UPDATE of all rows", lambda: county.execute("UPDATE status_fact SET colour = 'GREEN'")
    yield "UPDATE to the same", lambda: county.execute("UPDATE status_fact SET colour = colour")
    yield "deleting it", standing.delete
    yield "DELETE of all rows", lambda: county.execute("DELETE FROM status_fact")
    yield "purging before its time", lambda: actions.purge(at=NOW + 400 * DAY)
    row = county.a_right_row(Source.FEED, standing.person, colour=Colour.GREEN) | {"id": standing.pk}
    over = "ON CONFLICT (id) DO UPDATE SET colour = EXCLUDED.colour"
    yield "upserting over it", lambda: county.insert("status_fact", row, tail=over)
    if connection.vendor == "sqlite":
        yield "replacing it", lambda: county.insert("status_fact", row, verb="INSERT OR REPLACE")
        yield "replacing by updating", lambda: county.execute("UPDATE OR REPLACE status_fact SET colour = 'GREEN'")


def _changed_proposals(row: Person) -> Iterator[Route]:
    open_, done = county.proposed(), accepted()
    for column, value in {
        "colour": Colour.GREEN, "evidence": "另一份", "until_at": NOW + 9 * DAY, "proposed_by": "identity:9",
        "person": row, "reason": "改个理由", "issuer": "某单位",
    }.items():  # fmt: skip
        yield (
            f"changing a proposal's {column}",
            partial(Proposal.objects.filter(pk=open_.pk).update, **{column: value}),
        )
    yield (
        "deciding one's own by SQL",
        lambda: Proposal.objects.filter(pk=open_.pk).update(
            decided_at=NOW, decided_by=OFFICER.identity, is_accepted=True
        ),
    )
    yield "deciding by nobody", lambda: Proposal.objects.filter(pk=open_.pk).update(decided_at=NOW, is_accepted=True)
    yield "accepting without a time", lambda: Proposal.objects.filter(pk=open_.pk).update(is_accepted=True)
    yield "deciding twice", lambda: Proposal.objects.filter(pk=done.pk).update(decided_by="identity:9")
    yield (
        "taking a decision back",
        lambda: Proposal.objects.filter(pk=done.pk).update(decided_at=None, decided_by="", is_accepted=None),
    )
    yield "a proposal born decided", lambda: Proposal.objects.create(
        person=row, called="王*", colour=Colour.RED, reason="与病例同乘", issuer=COUNTY, evidence="判定 1-1",
        from_at=NOW, until_at=NOW + DAY, proposed_at=NOW, proposed_by=OFFICER.identity, proposed_label="核定员",
        decided_at=NOW, decided_by=SECOND.identity, is_accepted=True,
    )  # fmt: skip
    yield "deleting a proposal", lambda: Proposal.objects.filter(pk=open_.pk).delete()


def _actions(row: Person) -> Iterator[Route]:
    open_ = county.proposed()
    yield "confirming one's own", lambda: actions.confirm(by=OFFICER, pk=open_.pk, at=NOW)
    yield "confirming with one's second account", lambda: actions.confirm(by=SAME_HUMAN, pk=open_.pk, at=NOW)
    yield "confirming after it ran out", lambda: actions.confirm(by=SECOND, pk=open_.pk, at=NOW + 30 * DAY)
    for role in Role:
        if role not in (Role.HEALTH_OFFICER, Role.COUNTY_DUTY):
            by = county.staff("8", role)
            yield f"confirming as {role}", partial(actions.confirm, by=by, pk=open_.pk, at=NOW)
        if role is not Role.HEALTH_OFFICER:
            by = county.staff("8", role)
            yield f"proposing as {role}", partial(county.proposed, by=by)
    township = county.staff("7", Role.HEALTH_OFFICER, division="140428100")
    yield "proposing from one township", lambda: county.proposed(by=township)
    yield "confirming from one township", lambda: actions.confirm(by=township, pk=open_.pk, at=NOW)
    yield "proposing without evidence", lambda: county.proposed(evidence=" ")
    yield "proposing without reason", lambda: county.proposed(reason="因")
    yield "proposing for a month", lambda: county.proposed(until_at=NOW + 31 * DAY)
    yield "proposing 未核验", lambda: county.proposed(colour=Colour.UNVERIFIED)
    yield "a person as a feed", lambda: county.received(row, by=OFFICER)
    yield "an unknown feed", lambda: county.received(row, issuer="某平台")
    yield "a feed without evidence", lambda: county.received(row, evidence="")
    yield "a feed for a year", lambda: county.received(row, until_at=NOW + 365 * DAY)
    yield "registering a feed by hand", lambda: actions.open_feed(by=OFFICER, issuer="某平台", at=NOW)
    yield "renaming a feed", lambda: _renamed_feed(row)


def _renamed_feed(row: Person) -> None:
    """A registered feed answers for its own issuer only, however it is spelt."""
    Feed.objects.get(issuer=county.CITY)
    county.insert("status_fact", county.a_right_row(Source.FEED, row, issuer=f"{county.CITY} "))
