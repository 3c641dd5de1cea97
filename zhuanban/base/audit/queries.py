"""Reading the log: for the auditor, for the person looked at, and to prove that it is whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import QuerySet

from zhuanban.base.audit import rules
from zhuanban.base.audit.models import Entry, Root
from zhuanban.base.audit.rules import Asker, Break, Head, Row

LOOKS_SHOWN = 200
_FIELDS = tuple(one.name for one in fields(Row))


@dataclass(frozen=True, slots=True)
class Look:
    """One line of “who looked at my data”. Names a role, never a person."""

    at: datetime
    actor: str
    actor_label: str
    verb: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the auditor filters by; empty means all. `before` is the row number a page begins under."""

    verb: str = ""
    actor: str = ""
    subject: str = ""
    target: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    total: int
    next_before: int | None  # None on the last page


def last() -> Entry | None:
    return Entry.objects.order_by("-seq").first()


def entries(by: Asker, wanted: Wanted) -> Page:
    """A page of the log, newest first. The caller has made sure that `by` is an auditor."""
    found = _matching(wanted)
    total = found.count()
    rest = found.filter(seq__lt=wanted.before) if wanted.before is not None else found
    page = list(rest.order_by("-seq")[: rules.PAGE + 1])
    return Page(page[: rules.PAGE], total, page[rules.PAGE - 1].seq if len(page) > rules.PAGE else None)


def _matching(wanted: Wanted) -> QuerySet[Entry]:
    exact = {"actor": wanted.actor, "subject": wanted.subject.lower(), "target": wanted.target}
    found = Entry.objects.filter(**{name: value for name, value in exact.items() if value})
    return found.filter(verb__startswith=wanted.verb) if wanted.verb else found


def verbs() -> list[str]:
    """Every verb that has been recorded, for the filter."""
    return list(Entry.objects.order_by("verb").values_list("verb", flat=True).distinct())


def looks_at(person: str, *, limit: int = LOOKS_SHOWN) -> list[Look]:
    """Who looked at this person (32 hex digits), newest first; one's own looks are not among them."""
    found = Entry.objects.filter(subject=person, is_look=True).exclude(actor=person).order_by("-seq")
    return [Look(one.at, one.actor, one.actor_label, one.verb, one.reason) for one in found[:limit]]


def roots() -> QuerySet[Root]:
    """The published roots, newest first: public."""
    return Root.objects.order_by("-count")


def rows() -> Iterator[Row]:
    """The whole log in its order, a row at a time."""
    for values in Entry.objects.order_by("seq").values_list(*_FIELDS).iterator(chunk_size=2000):
        yield Row(*values)


def first_break(published: Iterable[Head] = ()) -> Break | None:
    """The first row that is not what was written, by the chain, our own roots and those `published` elsewhere."""
    ours = [Head(*pair) for pair in Root.objects.values_list("count", "hash")]
    for head in published:
        if any(one.count == head.count and one.hash != head.hash for one in ours):
            return Break(head.count, "本机的根与公布的不同")
    return next(rules.breaks(rows(), [*ours, *published]), None)
