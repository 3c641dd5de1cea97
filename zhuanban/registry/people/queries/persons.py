"""One person at a time, and the proof in a browser of who it belongs to."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import WITHOUT_DATA, By, Kind
from zhuanban.base.errors import NotFound, SignInFirst
from zhuanban.registry.people import rules
from zhuanban.registry.people.models import Person


def people_key() -> bytes:
    return ciphers.key("desk/people")


def index_key() -> bytes:
    return ciphers.key("desk/people-index")


def phone_index(phone: str) -> bytes:
    """`phone` as `rules.normalise_phone` gives it."""
    return ciphers.index(f"phone:{phone}", key=index_key())


def document_index(document: rules.Document) -> bytes:
    return ciphers.index(f"document:{document.lookup}", key=index_key())


def open_card(row: Person) -> rules.Card:
    """A person in clear. Only for masking, for the person's own pages and for `actions.look`."""
    return rules.open_card(bytes(row.sealed), person=row.pk, key=people_key())


def masked(row: Person, at: datetime | None = None) -> rules.Masked:
    """What everybody's screens may show; the age only when `at` is told."""
    return open_card(row).masked(at)


def person(by: By, pk: uuid.UUID) -> Person:
    """A person whom `by` may work on: oneself and one's family, or one who lives in the office's area.

    Whoever is met elsewhere (a guest at a door) is reached through the alert or check that names them.

    Raises: NotFound.
    """
    found = Person.objects.filter(_in_sight(by), pk=pk, deleted_at=None).first()
    if found is None:
        raise NotFound(_("没有这个人，或不归您管"))
    return found


def _in_sight(by: By) -> Q:
    if by.kind == Kind.RESIDENT:
        family = Q(bound_by__person=by.key, bound_by__ended_at=None, bound_by__agreed_at__isnull=False)
        return Q(pk=by.key) | family
    areas = Q(pk__in=[])
    for scope in by.scopes:
        if scope.role not in WITHOUT_DATA and scope.organisation is None and not scope.sectors:
            areas |= Q(home_division__startswith=scope.division)
    return areas


def own(by: By) -> Person:
    """The resident's own row.

    Raises: SignInFirst.
    """
    found = Person.objects.filter(pk=by.key, deleted_at=None).first() if by.kind == Kind.RESIDENT else None
    if found is None:
        raise SignInFirst(_("请先用手机号登录"))
    return found


def find_account(phone: str) -> Person | None:
    """Whose proved phone this is. Internal: answers nobody's question but that of the phone's owner."""
    return Person.objects.filter(account_phone_index=phone_index(phone), deleted_at=None).first()


def find_by_phone(phone: str) -> QuerySet[Person]:
    """Everybody who gave this phone, proved or not. Internal."""
    return Person.objects.filter(phone_index=phone_index(phone), deleted_at=None)


def find_by_document(document: rules.Document) -> Person | None:
    """Who holds this document in our register. Internal: for feeds and for entries at a door."""
    return Person.objects.filter(document_index=document_index(document), deleted_at=None).first()


def session_of(request: HttpRequest, at: datetime) -> rules.Session | None:
    """The browser's session, by its MAC and age alone; a stranger's too."""
    text = request.COOKIES.get(rules.cookie_name(settings.HTTPS), "")
    session = rules.read_session(text, key=ciphers.key("shared/session"))
    return session if session is not None and session.is_live(at) else None


def session_token(row: Person, at: datetime) -> str:
    """A fresh session for a person whose phone was proved."""
    key = ciphers.key("shared/session")
    level, notice = rules.Level.ACCOUNT, row.notice_version
    return rules.write_session(row.pk.bytes, issued_at=at, level=level, notice=notice, key=key)


def resident_of(request: HttpRequest) -> By | None:
    """Who is signed in to the portal: only an account; what a stranger typed opens nothing."""
    at = timezone.now()  # noqa: TID251  (asked by a middleware, which has no other clock)
    session = session_of(request, at)
    if session is None or session.level != rules.Level.ACCOUNT:
        return None
    found = Person.objects.filter(pk=uuid.UUID(bytes=session.person), deleted_at=None).first()
    if found is None or not session.is_live(at, revoked_before=found.signed_out_before):
        return None
    return resident(found)


def resident(row: Person) -> By:
    """A person as somebody who asks for their own."""
    return By(Kind.RESIDENT, row.pk.hex, "本人", f"person:{row.pk.hex}")


def revoked_sessions() -> Iterator[tuple[bytes, datetime]]:
    """Everybody who signed out everywhere, with the moment up to which their tokens are void; for the gate."""
    rows = Person.objects.filter(signed_out_before__isnull=False).values_list("pk", "signed_out_before")
    for pk, before in rows.iterator():
        if before is not None:
            yield pk.bytes, before
