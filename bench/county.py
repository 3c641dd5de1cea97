"""A county for measurements: rows in bulk, since nobody has to have typed them."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import cycle

from django.conf import settings
from django.core.management import call_command

from zhuanban.base import ciphers
from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import system
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes import queries as code_queries
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.people import rules as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Division
from zhuanban.registry.places.rules import VenueFacts
from zhuanban.trail.status import actions as status
from zhuanban.trail.status.models import Fact
from zhuanban.trail.status.rules import Colour, Source

CITY = "长治市平台"


def make(doors: int, residents: int, *, until: datetime) -> list[tuple[str, str]]:
    """(path, cookie) of pairs that may scan until `until`."""
    call_command("migrate", verbosity=0)
    at, by = datetime.now(UTC), system("bench")
    codes.register_order(
        number="测 1", title="性能测试", issuer="测试", from_at=at - timedelta(days=1), until_at=until, by=by, at=at
    )
    paths = [f"/s/{code_queries.token_of(code)}" for code in _doors(doors, at)]
    people_made = _people(residents, at, until)
    return list(zip(cycle(paths), [_cookie(person, at) for person in people_made], strict=False))


def _doors(count: int, at: datetime) -> list[DoorCode]:
    by = system("bench")
    for code, level in (("140428101000", "township"), ("140428101001", "village")):
        Division.objects.get_or_create(code=code, defaults={"name": code, "display": code, "level": level})
    Organisation.objects.create(name="鲍店镇值班室", kind="OFFICE", division="140428101000", phone="0355-000-0000")
    made = []
    for nth in range(count):
        facts = VenueFacts(f"测试超市{nth}", "supermarket", "140428101001", "鲍店南街", no_uscc_reason="测试")
        venue = places.add_venue(by=by, facts=facts, at=at)
        made.append(codes.issue(door=venue.doors.get(), by=by, at=at))
    return made


def _people(count: int, at: datetime, until: datetime) -> list[uuid.UUID]:
    status.open_feed(by=system("feed"), issuer=CITY, at=at, silence=timedelta(days=2))
    ids = [uuid.uuid4() for _ in range(count)]
    Person.objects.bulk_create(Person(pk=pk, sealed=b"", origin=people.Origin.SELF, created_at=at) for pk in ids)
    said = {"colour": Colour.GREEN, "reason": "核酸检测阴性", "issuer": CITY, "source": Source.FEED, "entered_at": at}
    span = {"from_at": at - timedelta(hours=1), "until_at": until, "entered_by": "system:feed"}
    Fact.objects.bulk_create(Fact(person_id=pk, evidence=f"消息 {pk.hex}", **said, **span) for pk in ids)
    return ids


def _cookie(person: uuid.UUID, at: datetime) -> str:
    key = ciphers.key("shared/session")
    text = people.write_session(
        person.bytes, issued_at=at, level=people.Level.ACCOUNT, notice=people.NOTICE_VERSION, key=key
    )
    return f"{people.cookie_name(settings.HTTPS)}={text}"
