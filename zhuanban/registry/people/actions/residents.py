"""How a resident becomes known: a phone proved by a one-time code, and a registration."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhuanban.base import ciphers
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Refusal
from zhuanban.base.spans import day_of
from zhuanban.registry.people import queries, rules
from zhuanban.registry.people.models import CodeCount, OneTimeCode, Person
from zhuanban.registry.places import actions as places


class NoSender(Refusal):
    """Neither a sender nor the demo: nobody could receive the code."""

    code = "NO_SENDER"
    status = 503


class OldNotice(Refusal):
    code = "OLD_NOTICE"
    status = 422


class TooYoung(Refusal):
    code = "TOO_YOUNG"
    status = 422


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way. `shown` is the code itself in the demo, where the page shows it, else ""."""

    phone: str  # masked
    expires_at: datetime
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A phone that was proved, and the account it opens; None where its owner has yet to register."""

    phone: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a resident lives: a division code; in words where it lies outside the county."""

    division: str
    words: str = ""


def sign_in_code(*, phone: str, address: str, at: datetime) -> Sent:
    """Send a code to a phone, known or not: nothing here looks the phone up.

    Raises: CodeLimit, NoSender.
    """
    sender = getattr(settings, "CODE_SENDER", None)
    if not sender and not settings.DEMO:
        raise NoSender(_("短信还没有接通，请联系所在乡镇登记"))
    code = rules.write_code()
    _store_code(phone, code, address, at)
    if sender:
        import_string(sender)(phone, code)  # after the commit: a slow network holds no transaction
    return Sent(rules.mask_phone(phone), at + rules.CODE_LIFETIME, "" if sender else code)


@transaction.atomic
def _store_code(phone: str, code: str, address: str, at: datetime) -> None:
    today = day_of(at)
    to_phone = queries.phone_index(phone)
    to_address = ciphers.index(f"address:{address}", key=queries.index_key())
    CodeCount.objects.filter(day__lt=today).delete()
    OneTimeCode.objects.filter(expires_at__lte=at).delete()
    counts = [CodeCount(key=key, day=today) for key in (to_phone, to_address)]
    CodeCount.objects.bulk_create(counts, ignore_conflicts=True)
    rows = CodeCount.objects.select_for_update().filter(day=today, key__in=(to_phone, to_address)).order_by("pk")
    found = {bytes(row.key): row for row in rows}
    by_phone, by_address = found[to_phone], found[to_address]
    rules.check_sending(at, last_sent_at=by_phone.last_at, by_phone=by_phone.count, by_address=by_address.count)
    CodeCount.objects.filter(pk__in=(by_phone.pk, by_address.pk)).update(count=F("count") + 1, last_at=at)
    fresh = {"code_hash": _hash(to_phone, code), "expires_at": at + rules.CODE_LIFETIME, "tries": 0, "sent_at": at}
    OneTimeCode.objects.update_or_create(phone_index=to_phone, defaults=fresh)


def _hash(phone_index: bytes, code: str) -> str:
    return ciphers.mac(b"code\n" + phone_index + code.encode(), key=queries.index_key(), size=32).hex()


def confirm_code(*, phone: str, code: str, at: datetime) -> Proof:
    """Spend a code. A wrong one costs one of its tries, and that is kept although the caller is refused.

    Raises: WrongCode.
    """
    index = queries.phone_index(phone)
    alive = OneTimeCode.objects.filter(phone_index=index, expires_at__gt=at, tries__lt=rules.CODE_TRIES)
    is_alive = bool(alive.update(tries=F("tries") + 1))
    kept = OneTimeCode.objects.filter(phone_index=index).values_list("code_hash", flat=True).first() or ""
    is_right = hmac.compare_digest(kept, _hash(index, code))
    if not (is_alive and is_right and OneTimeCode.objects.filter(phone_index=index, code_hash=kept).delete()[0]):
        raise rules.WrongCode(_("验证码不对，或已过期。可以再试，或重新获取一个"))
    return _signed_in(phone, at)


@transaction.atomic
def _signed_in(phone: str, at: datetime) -> Proof:
    person = queries.find_account(phone)
    if person is not None:
        by = queries.resident(person)
        audit.record(by=by, verb="people.sign_in", at=at, subject=by.key)
    return Proof(phone, person)


@transaction.atomic
def register(
    *,
    phone: str,
    name: str,
    document: rules.Document,
    home: Home,
    unit: int | None,
    notice: int,
    at: datetime,
    stranger: rules.Session | None = None,
) -> Person:
    """An account for a phone that was just proved. Doing it twice gives the same account.

    `stranger` is the browser's session from a door, if it has one: where that person gave this very phone, the
    account goes on under the same id and its visits stay its own.

    Raises: OldNotice, TooYoung.
    """
    _check_registration(document, notice, at)
    known = queries.find_account(phone)
    if known is not None:
        return known
    card = rules.card_of(name, phone=phone, document=document, home=home.words)
    person = _same_stranger(phone, stranger) or Person(pk=uuid.uuid4(), created_at=at)
    person.sealed = rules.seal_card(card, person=person.pk, key=queries.people_key())
    person.phone_index = person.account_phone_index = queries.phone_index(phone)
    person.home_division, person.unit_id, person.origin = home.division, unit, rules.Origin.SELF
    person.notice_version, person.notice_at = notice, at
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # the form was sent twice, and the other one was faster
        return Person.objects.get(account_phone_index=person.account_phone_index)
    hold_document(person, document)
    by = queries.resident(person)
    audit.record(by=by, verb="people.register", at=at, subject=by.key, detail={"notice": notice})
    places.bump_snapshot(kind="person", key=by.key, at=at)
    return person


def _check_registration(document: rules.Document, notice: int, at: datetime) -> None:
    if notice != rules.NOTICE_VERSION:
        raise OldNotice(_("告知书更新了，请再读一遍并同意"))
    if document.birth is not None and rules.age(document.birth, at) < rules.GUARDIAN_AGE:
        raise TooYoung(_("未满 14 周岁请由监护人注册，再在“家人”里添加孩子"))


def _same_stranger(phone: str, session: rules.Session | None) -> Person | None:
    """The person a stranger's cookie names, if the phone typed at the door is the one now proved."""
    if session is None or session.level != rules.Level.STRANGER:
        return None
    same = Person.objects.filter(pk=uuid.UUID(bytes=session.person), phone_index=queries.phone_index(phone))
    return same.filter(origin=rules.Origin.STRANGER, account_phone_index=None, deleted_at=None).first()


def hold_document(person: Person, document: rules.Document) -> None:
    """Note the document as claimed, and as held unless another row holds it. The same work either way."""
    index = queries.document_index(document)
    is_held = Person.objects.filter(document_index=index).exclude(pk=person.pk).exists()
    person.claimed_index, person.document_index = index, None if is_held else index
    try:
        with transaction.atomic():
            person.save(update_fields=["claimed_index", "document_index"])
    except IntegrityError:  # somebody else was faster by a moment
        person.document_index = None
        person.save(update_fields=["claimed_index", "document_index"])
