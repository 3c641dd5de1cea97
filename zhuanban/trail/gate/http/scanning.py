"""GET and POST of a door's address."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from zhuanban.base.errors import Refusal
from zhuanban.base.spans import COUNTY_TIME, day_of
from zhuanban.registry.codes.rules import DoorFacts, parse_short, write_door
from zhuanban.registry.people import rules as people
from zhuanban.registry.people.rules import Level, Member, Session
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.actions.entering import Arrival, Entered, Stranger
from zhuanban.trail.gate.http import pages, refusals, shell
from zhuanban.trail.gate.http.answers import answer_page, answer_text, compact, cookie, redirect
from zhuanban.trail.gate.http.gatehouse import CARE_COOKIE, LANGUAGE_COOKIE, Gatehouse
from zhuanban.trail.gate.http.pages import Doorstep
from zhuanban.trail.gate.http.requests import FORM, JSON, Receive, Request, Send, body_of
from zhuanban.trail.gate.http.results import show
from zhuanban.trail.gate.http.visitors import Result, Show, Visitor
from zhuanban.trail.gate.http.words import CHINESE, ENGLISH
from zhuanban.trail.gate.rules import ME, BadScan, Overloaded, Register, Scan, UnknownDoor
from zhuanban.trail.gate.rules import _ as mark
from zhuanban.trail.status.rules import STOPPING, Colour, Word
from zhuanban.trail.visits.rules import RANDOM_SIZE, Via, VisitId, parse_id, write_id

YEAR = 365 * 24 * 3600  # seconds
FOUND = 200
Header = tuple[bytes, bytes]


# --- looking --------------------------------------------------------------------------------------------------------


async def get_scan(house: Gatehouse, request: Request, send: Send, *, token: str) -> None:
    if request.asked("care") or request.asked("lang"):  # whatever else messengers hang on an address is passed over
        await _prefer(house, request, send)
        return
    at = house.clock()
    visitor = house.visitor(request, at)
    await answer_page(send, FOUND, pages.scan_page(_step(house, request, visitor, token=token, at=at), visitor))


async def get_short(house: Gatehouse, request: Request, send: Send) -> None:
    """`/s/?c=B7K4-M2Q9` leads to the door; without it, where it is typed."""
    typed = request.asked("c")
    visitor = house.visitor(request, house.clock())
    if request.asked("care") or request.asked("lang"):
        await _prefer(house, request, send)
        return
    if not typed:
        await answer_page(send, FOUND, shell.short_page(visitor))
        return
    code = house.snapshot.by_short.get(parse_short(typed) or "")
    if house.snapshot.door_of(code) is not None and code is not None:
        await redirect(send, f"/s/{write_door(code, key=house.codes_key)}")
        return
    error = visitor.words("没有这个短码，请照着门上的再输一次")
    await answer_page(send, UnknownDoor.status, shell.short_page(visitor, typed=typed[:24], error=error))


async def _prefer(house: Gatehouse, request: Request, send: Send) -> None:
    """The links for larger type and the other language work without script."""
    extra: list[Header] = []
    care, language = request.asked("care"), request.asked("lang")
    if care in ("0", "1"):
        extra.append(cookie(CARE_COOKIE, care, max_age=YEAR, secure=house.is_https, is_open=True))
    if language in (CHINESE, ENGLISH):
        extra.append(cookie(LANGUAGE_COOKIE, language, max_age=YEAR, secure=house.is_https, is_open=True))
    await redirect(send, quote(request.path), extra=extra)


def _step(house: Gatehouse, request: Request, visitor: Visitor, *, token: str, at: datetime) -> Doorstep:
    """Raises: UnknownDoor, NoOrder, Busy."""
    return Doorstep(
        door=house.door(token),
        order=house.order(at),
        path=request.path,
        id=write_id(VisitId(day_of(at), secrets.token_bytes(RANDOM_SIZE))),
        at=at,
        session_key=house.session_key,
        family=house.snapshot.family.get(visitor.own or b"", ()),
    )


# --- entering -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """One POST on its way: what it is about, and where its answer goes."""

    house: Gatehouse
    request: Request
    send: Send
    at: datetime


async def post_scan(house: Gatehouse, request: Request, receive: Receive, send: Send, *, token: str) -> None:
    call = Call(house, request, send, house.clock())
    request.need_same_site()
    kind = request.need_type(JSON, FORM)
    door = house.door(token)
    house.order(call.at)
    body = await body_of(request, receive)
    if kind == JSON:
        await _post_json(call, door, rules.parse_json(body))
    else:
        await _post_form(call, token, body)


async def _post_json(call: Call, door: DoorFacts, scan: Scan) -> None:
    house, at = call.house, call.at
    session = house.session(call.request, at)
    arrival = _arrival(house, door, scan, session=session, at=at)
    entered = await _enter(house, arrival, at)
    shown = None
    if scan.page:
        visitor = _known(house.visitor(call.request, at), entered)
        shown = show(Result(entered, visitor, house.snapshot, call.request.path, at))
    visit = scan.id if scan.id and entered.arrival is arrival else write_id(entered.arrival.id)
    text = _told(visit, entered, scan.people, age=house.age_of_facts(at), shown=shown)
    await answer_text(call.send, FOUND, text, extra=_cookies(house, entered, scan, session))


async def _post_form(call: Call, token: str, body: bytes) -> None:
    """Whatever is declined comes back as the same page, with what was typed in it."""
    house, at = call.house, call.at
    visitor = house.visitor(call.request, at)
    step, scan = _step(house, call.request, visitor, token=token, at=at), Scan()
    try:
        scan = rules.parse_form(body)
        entered = await _enter(house, _arrival(house, step.door, scan, session=visitor.session, at=at), at)
    except Refusal as refusal:
        await _once_more(call, step, visitor, scan, refusal)
        return
    visitor = _known(visitor, entered)
    shown = show(Result(entered, visitor, house.snapshot, call.request.path, at))
    extra = _cookies(house, entered, scan, visitor.session)
    await answer_page(call.send, FOUND, pages.result_page(visitor, shown, path=call.request.path, at=at), extra=extra)


async def _once_more(call: Call, step: Doorstep, visitor: Visitor, scan: Scan, refusal: Refusal) -> None:
    keeps_id = bool(scan.id) and refusal.code not in ("ID_TAKEN", "BAD_VISIT_ID")
    again = replace(
        step,
        id=scan.id if keeps_id else step.id,
        ticked=scan.people,
        typed={"name": scan.name, "phone": scan.phone},
        errors={refusals.field_of(refusal): refusals.said(refusal, visitor.words)},
    )
    page = pages.scan_page(again, visitor)
    await answer_page(call.send, refusal.status, page, extra=refusals.headers_of(refusal))


async def _enter(house: Gatehouse, arrival: Arrival, at: datetime) -> Entered:
    """Raises: Overloaded, and what the desk refuses."""
    if house.in_flight >= rules.IN_FLIGHT:
        raise Overloaded(mark("登记的人太多，请稍候再试"))
    house.in_flight += 1
    try:
        return await house.desk.enter(arrival, at=at)
    finally:
        house.in_flight -= 1


def _arrival(house: Gatehouse, door: DoorFacts, scan: Scan, *, session: Session | None, at: datetime) -> Arrival:
    """Raises: BadVisitId, BadScan, Register, BadName, BadPhone."""
    visit = parse_id(scan.id) if scan.id else VisitId(day_of(at), secrets.token_bytes(RANDOM_SIZE))
    if session is None or (session.level is Level.STRANGER and scan.name):
        told = _stranger(house, door, scan, visit)
        if session is None or told.party == (session.person,):  # a form sent twice: the first answer's cookie is here
            return told
    own = session.person
    family = house.snapshot.family.get(own, ()) if scan.people != (ME,) else ()
    party = rules.party_of(scan.people, person=own, family=family, key=house.session_key)
    via = tuple(Via.SELF if person == own else Via.FAMILY for person in party)
    return Arrival(visit, door, party, via, by=own, claimed_at=scan.claimed_at)


def _stranger(house: Gatehouse, door: DoorFacts, scan: Scan, visit: VisitId) -> Arrival:
    if not scan.name and not scan.phone:
        raise Register(mark("请填姓名和手机号，只填这一次"))
    if scan.people != (ME,):
        raise BadScan(mark("没有登录，只能登记本人"), field="people")
    name, phone = people.normalise_name(scan.name), people.normalise_phone(scan.phone)
    person = rules.stranger_id(write_id(visit), name, phone, key=house.session_key)
    told = Stranger(name, phone, min(scan.notice, people.NOTICE_VERSION))
    return Arrival(visit, door, (person,), (Via.STRANGER,), claimed_at=scan.claimed_at, stranger=told)


# --- answering ------------------------------------------------------------------------------------------------------

SPELLED = {True: "true", False: "false"}
WORDS = {Colour.GREEN: Word.PASS.label, Colour.UNVERIFIED: Word.RECORDED.label} | dict.fromkeys(
    STOPPING, Word.STOP.label
)


def _told(visit: str, entered: Entered, refs: Sequence[str], *, age: float, shown: Show | None) -> str:
    """The answer as JSON, written by hand: every value is ours, and this is the path that everybody takes."""
    receipt = entered.receipt
    colour = receipt.rows[entered.worst].colour
    people = ",".join(
        f'{{"who":"{ref}","colour":"{row.colour}","admitted":{SPELLED[row.admitted]}}}'
        for ref, row in zip(refs, receipt.rows, strict=True)
    )
    at = receipt.at.astimezone(COUNTY_TIME).isoformat(timespec="milliseconds")
    more = "" if shown is None else f',"show":{compact(shown)}'
    return (
        f'{{"id":"{visit}","first":{SPELLED[receipt.first]},"at":"{at}","colour":"{colour}","word":"{WORDS[colour]}",'
        f'"admitted":{SPELLED[entered.admitted]},"people":[{people}],"facts_age":{age:.1f}{more}}}'
    )


def _known(visitor: Visitor, entered: Entered) -> Visitor:
    """A stranger may now be called by the name they typed."""
    told = entered.arrival.stranger
    if told is None:
        return visitor
    return replace(visitor, typed={entered.arrival.party[0]: people.mask_name(told.name)})


def _cookies(house: Gatehouse, entered: Entered, scan: Scan, session: Session | None) -> list[Header]:
    """A stranger is remembered; whoever has been shown a newer 告知书 is remembered to have been."""
    told = entered.arrival.stranger
    if told is not None:
        person = entered.arrival.party[0]
        made = Session(person, entered.receipt.at, Level.STRANGER, told.notice)
        own = Member(person, people.mask_name(told.name), "本人")
        family = people.write_family([own], key=house.session_key)
        return [_session(house, made), _kept(house, people.FAMILY_COOKIE, family)]
    if session is not None and session.notice < scan.notice <= people.NOTICE_VERSION:
        return [_session(house, replace(session, notice=scan.notice))]
    return []


def _session(house: Gatehouse, made: Session) -> Header:
    text = people.write_session(
        made.person, issued_at=made.issued_at, level=made.level, notice=made.notice, key=house.session_key
    )
    return _kept(house, people.SESSION_COOKIE, text)


def _kept(house: Gatehouse, name: str, value: str) -> Header:
    lifetime = int(people.SESSION_LIFETIME.total_seconds())
    return cookie(house.cookie(name), value, max_age=lifetime, secure=house.is_https)
