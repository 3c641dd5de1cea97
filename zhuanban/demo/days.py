"""Fourteen days of an invented county's life: arrivals in the journal, verifications, a few reds and yellows."""

import json
import random
import secrets
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from zhuanban.base import ciphers
from zhuanban.base.accounts import queries as accounts
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import By, system
from zhuanban.base.spans import COUNTY_TIME, day_of
from zhuanban.demo.county import Made
from zhuanban.registry.people.models import Person
from zhuanban.registry.places.models import Door, Venue
from zhuanban.trail.alerts import actions as alerts
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.checks import actions as checks
from zhuanban.trail.checks.actions import Seen
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.keys.queries import who
from zhuanban.trail.status import actions as status
from zhuanban.trail.status.models import Fact
from zhuanban.trail.status.rules import Colour, Source
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Row, Via, VisitId, write_id

DAYS = 14
VISITS_A_DAY = 1.1  # a resident
FEED = "长治市健康码平台（演示）"
STOPPED = (  # how long ago, colour, and how far the alert has come
    (timedelta(minutes=4), Colour.RED, "raised"),
    (timedelta(minutes=42), Colour.RED, "acknowledged"),
    (timedelta(hours=3), Colour.RED, "closed"),
    (timedelta(minutes=11), Colour.YELLOW, "raised"),
    (timedelta(minutes=50), Colour.YELLOW, "raised"),
    (timedelta(hours=2), Colour.YELLOW, "acknowledged"),
    (timedelta(hours=26), Colour.YELLOW, "closed"),
)
FIRST_STOPPED = 2  # the first two residents are for walking through, and green
REASONS = {
    Colour.GREEN: "核酸阴性，无风险区旅居史",
    Colour.YELLOW: "七日内有中风险区旅居史",
    Colour.RED: "与病例同乘班车",
}
KNOWN_SHARE = 0.93  # of residents whom the feed knows; the others are 未核验
CHECKED_SHARE = 0.72  # of arrivals that somebody verifies
BY = system("demo")


def live(made: Made, *, at: datetime) -> None:
    chance = random.Random(20261123)
    doors = {venue: list(venue.doors.order_by("pk")) for venue in made.venues}
    keys = GateKeys(settings.KEYS, ciphers.key("shared/keeper.pub"))
    journal = Journal(settings.VISITS, limit=1_000_000)
    try:
        for back in reversed(range(DAYS)):
            day = day_of(at) - timedelta(days=back)
            _a_day(chance, made, doors, day, keys, journal, at)
        stopped = [_stop(made, doors, number, keys, journal, at) for number in range(len(STOPPED))]
    finally:
        journal.close()
    keys.drop_past(at)
    alerts.relay(at=at)
    for visit, (_ago, _colour, state) in zip(stopped, STOPPED, strict=True):
        _handle(visit, state, at)


def colours(made: Made, *, at: datetime) -> None:
    """What the platform says: green for most until next week, nothing of some, and the few of STOPPED."""
    chance = random.Random(62)
    status.open_feed(by=BY, issuer=FEED, at=at)
    special = {number: colour for number, (_ago, colour, _state) in enumerate(STOPPED, start=FIRST_STOPPED)}
    facts = []
    for number, person in enumerate(made.residents):
        colour = special.get(number, Colour.GREEN)
        if colour is not Colour.GREEN or number < FIRST_STOPPED or chance.random() < KNOWN_SHARE:
            facts.append(_fact(number, person, colour, at))
    Fact.objects.bulk_create(facts, batch_size=500)


def _fact(number: int, person: Person, colour: Colour, at: datetime) -> Fact:
    return Fact(
        person=person,
        colour=colour,
        reason=REASONS[colour],
        issuer=FEED,
        evidence=f"演示报文 {number + 1:05d}",
        source=Source.FEED,
        from_at=at - timedelta(days=DAYS if colour is Colour.GREEN else 2),
        until_at=at + timedelta(days=7),
        entered_at=at,
        entered_by=BY.identity,
    )


def _a_day(
    chance: random.Random,
    made: Made,
    doors: dict[Venue, list[Door]],
    day: date,
    keys: GateKeys,
    journal: Journal,
    at: datetime,
) -> None:
    """A day of arrivals, and the verifications of those that somebody looked at."""
    key = keys.of(day, at=min(at, datetime.combine(day, time(12), COUNTY_TIME)))
    if key is None:
        return
    seen: dict[int, tuple[Door, list[Seen]]] = {}
    tickets = []
    for person, venue, moment in _arrivals(chance, made, day, at):
        door = chance.choice(doors[venue])
        known = chance.random() < KNOWN_SHARE
        row = Row(who(person, key=key), None, Via.SELF, Colour.GREEN if known else Colour.UNVERIFIED, True)
        id_ = VisitId(day, secrets.token_bytes(12))
        tickets.append(journal.submit(Entry(id_, moment, door.pk, (row,))))
        if known and chance.random() < CHECKED_SHARE:
            seen.setdefault(door.pk, (door, []))[1].append(Seen(write_id(id_), 0, Colour.GREEN))
    for ticket in tickets:
        ticket.result()
    evening = min(at, datetime.combine(day, time(20), COUNTY_TIME))
    with transaction.atomic():  # one wait for the disk a day
        for door, arrivals in seen.values():
            checks.verify_batch(by=BY, door=door, seen=arrivals, at=evening)


def _arrivals(chance: random.Random, made: Made, day: date, at: datetime) -> Iterator[tuple[bytes, Venue, datetime]]:
    """(person, venue, moment), most of them near home, none in the future."""
    first = datetime.combine(day, time(6), COUNTY_TIME)
    for person in made.residents:
        near = made.homes.get(person.home_division[:9]) or range(len(made.venues))
        for _ in range(int(chance.expovariate(1 / VISITS_A_DAY))):
            moment = first + timedelta(seconds=chance.triangular(0, 16 * 3600, 5 * 3600))
            place = chance.choice(near) if chance.random() < 0.7 else chance.randrange(len(made.venues))
            if moment < at:
                yield person.pk.bytes, made.venues[place], moment


def _stop(
    made: Made, doors: dict[Venue, list[Door]], number: int, keys: GateKeys, journal: Journal, at: datetime
) -> str:
    """A red or yellow person at a door: refused, and the alert in the same commit."""
    ago, colour, _state = STOPPED[number]
    moment, person = at - ago, made.residents[number + FIRST_STOPPED]
    door = doors[made.venues[number % 4]][0]
    day = day_of(moment)
    if (key := keys.of(day, at=moment)) is None:
        raise RuntimeError(f"no key of {day}")
    id_ = VisitId(day, secrets.token_bytes(12))
    told = {
        "kind": "refused",
        "visit": write_id(id_),
        "nth": 0,
        "person": person.pk.hex,
        "door": door.pk,
        "colour": colour.value,
        "at": moment.isoformat(),
    }
    blob = b"A" + ciphers.box(json.dumps(told).encode(), to_public=ciphers.key("shared/alerts.pub"))
    row = Row(who(person.pk.bytes, key=key), None, Via.SELF, colour, False)
    journal.append(Entry(id_, moment, door.pk, (row,), outbox=(blob,)))
    return write_id(id_)


def _handle(visit: str, state: str, at: datetime) -> None:
    """The township's officer takes it, and the county's closes it: two people."""
    alert = Alert.objects.get(visit__startswith=visit)
    raised = alert.raised_at
    first = _by(f"duty{alert.division[6:9]}" if alert.kind == Colour.RED else "county")  # a yellow may live anywhere
    second = _by("duty")
    if state in ("acknowledged", "closed"):
        alerts.acknowledge(by=first, pk=alert.pk, at=raised + timedelta(minutes=4))
    if state == "closed":
        to = "县集中隔离点" if alert.kind == "RED" else "本人所在社区"
        alerts.hand_over(by=first, pk=alert.pk, to=to, note="点对点，全程不换乘", at=raised + timedelta(minutes=30))
        alerts.close(by=second, pk=alert.pk, note="接收方已签收，场所已消毒", at=min(at, raised + timedelta(hours=2)))


def _by(username: str) -> By:
    return accounts.by_of(Account.objects.get(username=username))
