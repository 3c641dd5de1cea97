"""How a colour comes to be, what the gate is told of it, and how somebody says that it is wrong."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound, Refusal
from zhuanban.registry.people import actions as people
from zhuanban.registry.people.models import Bond, Person
from zhuanban.registry.people.rules import Document
from zhuanban.registry.places import queries as places
from zhuanban.trail.status import actions, queries, rules
from zhuanban.trail.status.models import Correction, Fact, Feed, Proposal
from zhuanban.trail.status.rules import Colour, Source
from zhuanban.trail.status.tests import county
from zhuanban.trail.status.tests.county import CITY, COUNTY, DAY, DUTY, FEED, HOUR, NOW, OFFICER, SECOND

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed() -> Feed:
    return actions.open_feed(by=FEED, issuer=CITY, at=NOW)


@pytest.fixture
def wang(feed: Feed) -> Person:
    return county.person()


def test_what_a_feed_says_reaches_the_gate_and_the_audit(wang: Person) -> None:
    version = places.snapshot_version()

    fact = county.received(wang)

    known = queries.current_fact(wang.pk, NOW)
    assert known is not None and (known.colour, known.issuer, known.pk) == (Colour.RED, CITY, fact.pk)
    assert places.changes_since(version)[-1][1:] == ("person", wang.pk.hex)
    assert Entry.objects.get(verb="status.receive_fact").subject == wang.pk.hex


def test_a_feed_that_repeats_itself_says_it_once(wang: Person) -> None:
    first, second = county.received(wang), county.received(wang, at=NOW + HOUR)

    assert first == second and Fact.objects.count() == Entry.objects.filter(verb="status.receive_fact").count() == 1


def test_a_whole_message_is_taken_at_once_and_said_again_adds_nothing(feed: Feed) -> None:
    who = [county.person(n).pk for n in range(1, 6)]
    said = [actions.Word(one, Colour.GREEN, "核酸阴性", "批次 7", NOW - HOUR, NOW + DAY) for one in who]
    version = places.snapshot_version()

    first = actions.receive_facts(by=FEED, issuer=CITY, said=[*said, said[0]], at=NOW)
    again = actions.receive_facts(by=FEED, issuer=CITY, said=said, at=NOW)

    assert (first, again, Fact.objects.count()) == (5, 0, 5)
    assert {key for _n, _kind, key in places.changes_since(version)} == {one.hex for one in who}
    assert [row.detail["count"] for row in Entry.objects.filter(verb="status.receive_facts").order_by("seq")] == [5, 0]


def test_a_message_with_one_wrong_word_is_taken_not_at_all(feed: Feed) -> None:
    right = actions.Word(county.person().pk, Colour.GREEN, "核酸阴性", "批次 7", NOW, NOW + DAY)
    wrong = actions.Word(county.person(2).pk, Colour.RED, "同乘班车", "", NOW, NOW + DAY)

    for said, by in (([right, wrong], FEED), ([right], OFFICER)):
        with pytest.raises(Refusal):
            actions.receive_facts(by=by, issuer=CITY, said=said, at=NOW)

    assert Fact.objects.count() == 0


def test_a_feed_is_heard_and_grows_silent(wang: Person) -> None:
    county.received(wang, colour=Colour.GREEN, at=NOW)
    heard = {feed.issuer: feed for feed in queries.feeds()}

    known = queries.current_fact(wang.pk, NOW)
    assert rules.is_fresh(known, heard, at=NOW + 30 * HOUR / 60)
    assert not rules.is_fresh(known, heard, at=NOW + 31 * HOUR / 60)

    actions.hear(issuer=CITY, at=NOW + HOUR)
    actions.hear(issuer=CITY, at=NOW)  # a late message turns no clock back
    assert queries.feeds()[0].heard_at == NOW + HOUR


def test_a_feed_may_be_given_more_time_without_being_heard(feed: Feed) -> None:
    actions.open_feed(by=FEED, issuer=CITY, at=NOW + HOUR, silence=2 * HOUR)

    assert [(one.heard_at, one.stale_after) for one in queries.feeds()] == [(NOW, 2 * HOUR)]


def test_an_officers_proposal_changes_nothing_until_another_person_confirms(feed: Feed) -> None:
    proposal = county.proposed()
    before = queries.current_fact(proposal.person_id, NOW)

    fact = actions.confirm(by=SECOND, pk=proposal.pk, at=NOW + HOUR)

    known = queries.current_fact(proposal.person_id, NOW + HOUR)
    assert before is None and known is not None and known.source == Source.OFFICER
    assert (fact.entered_by, fact.confirmed_by) == (OFFICER.identity, SECOND.identity)
    assert list(queries.proposals(SECOND)) == [] and list(queries.decided(DUTY, since=NOW)) == [proposal]
    verbs = Entry.objects.filter(verb__startswith="status.").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["status.open_feed", "status.propose", "status.confirm"]


def test_the_duty_officer_may_be_the_second_person() -> None:
    assert actions.confirm(by=DUTY, pk=county.proposed().pk, at=NOW).confirmed_by == DUTY.identity


def test_a_proposal_may_be_refused_with_a_reason() -> None:
    proposal = county.proposed()

    with pytest.raises(rules.NoEvidence):
        actions.refuse(by=SECOND, pk=proposal.pk, answer="不", at=NOW)
    refused = actions.refuse(by=SECOND, pk=proposal.pk, answer="证据不足，请补材料", at=NOW)

    assert refused.is_accepted is False and refused.answer == "证据不足，请补材料"
    with pytest.raises(rules.AlreadyDecided):
        actions.confirm(by=DUTY, pk=proposal.pk, at=NOW)
    assert Fact.objects.count() == 0


def test_known_and_unknown_documents_are_answered_alike() -> None:
    """Nobody learns by proposing whether somebody is in the register, or by which name (PROMISES 14)."""
    people.register_manual(by=DUTY, name="李秀英", document=county.DOCUMENT, at=NOW)

    known = county.proposed(name="王小花")
    unknown = county.proposed(name="王小花", document=Document(county.DOCUMENT.kind, "E87654321"))

    assert known.called == "王*花 E1*****78" and unknown.called == "王*花 E8*****21"
    assert Entry.objects.filter(verb="people.register_manual").count() == 3


@pytest.mark.parametrize("by", [county.staff("9", Role.SYSTEM_ADMIN), county.staff("9", Role.AUDITOR)])
def test_who_does_not_decide_sees_no_proposal_and_no_correction(by: By) -> None:
    proposal = county.proposed()

    assert not queries.proposals(by) and not queries.corrections(by) and not queries.decided(by, since=NOW - DAY)
    for ask in (queries.proposal, queries.correction):
        with pytest.raises(NotFound):
            ask(by, proposal.pk)


def test_who_confirms_can_look_at_whom_it_is_about_and_the_person_sees_it() -> None:
    proposal = county.proposed()

    told = actions.look(by=SECOND, pk=proposal.pk, reason="核对本人身份", at=NOW)

    entry = Entry.objects.get(verb="people.look")
    assert told.name == "王小花" and (entry.subject, entry.target) == (
        proposal.person_id.hex,
        f"proposal:{proposal.pk}",
    )
    with pytest.raises(Forbidden):
        actions.look(by=county.staff("9", Role.TOWNSHIP_DUTY), pk=proposal.pk, reason="想看一下", at=NOW)


# --- what counts ----------------------------------------------------------------------------------------------------


def test_what_stood_at_a_moment_is_found_with_its_evidence(wang: Person) -> None:
    red = county.received(wang, from_at=NOW - HOUR, at=NOW - HOUR)
    green = county.received(wang, colour=Colour.GREEN, evidence="消息 2", from_at=NOW, at=NOW)

    assert queries.standing(wang.pk, NOW - HOUR) == red and queries.standing(wang.pk, NOW) == green
    assert queries.standing(wang.pk, NOW - 2 * HOUR) is None


def test_a_word_for_later_is_told_to_the_gate_now(wang: Person) -> None:
    county.received(wang, from_at=NOW + HOUR)

    known = queries.current_fact(wang.pk, NOW)

    assert known is not None and rules.in_force(known, at=NOW) is None
    assert rules.in_force(known, at=NOW + HOUR) is not None


def test_what_has_run_out_is_told_no_more(wang: Person) -> None:
    county.received(wang, from_at=NOW - 2 * DAY, until_at=NOW - DAY)

    assert queries.current_fact(wang.pk, NOW) is None
    assert queries.current_fact(county.person(2).pk, NOW) is None


def test_everybodys_facts_are_one_query(feed: Feed) -> None:
    for n in range(1, 8):
        county.received(county.person(n))
    county.received(county.person(3), colour=Colour.GREEN, evidence="消息 2", from_at=NOW)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        known = dict(queries.current_facts())

    assert len(asked) == 1 and len(known) == 7
    assert known[(3).to_bytes(16)].colour == Colour.GREEN and known[(3).to_bytes(16)].others != ()
    assert known == {key: queries.current_fact(Person.objects.get(pk=key.hex()).pk, NOW) for key in known}


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_resident_asks_for_a_correction_and_is_answered_by_another_than_who_set_the_colour() -> None:
    proposal = county.proposed()
    actions.confirm(by=SECOND, pk=proposal.pk, at=NOW)
    resident = county.resident(proposal.person)

    asked = actions.ask_correction(by=resident, text="那天我不在车上", at=NOW + HOUR)
    with pytest.raises(rules.SamePerson):
        actions.answer_correction(by=OFFICER, pk=asked.pk, answer="已核实，维持", at=NOW + HOUR)
    answered = actions.answer_correction(by=DUTY, pk=asked.pk, answer="已核实，请等新结果", at=NOW + 2 * HOUR)

    assert answered.fact is not None and answered.fact.issuer == COUNTY
    assert [one.answer for one in queries.corrections_of(resident, proposal.person_id)] == ["已核实，请等新结果"]
    assert list(queries.corrections(DUTY)) == [] and queries.current_fact(proposal.person_id, NOW) is not None
    with pytest.raises(rules.AlreadyDecided):
        actions.answer_correction(by=DUTY, pk=asked.pk, answer="再答一次看看", at=NOW)


def test_one_asks_once_until_answered(wang: Person) -> None:
    resident = county.resident(wang)
    first = actions.ask_correction(by=resident, text="我没有去过那里", at=NOW)

    with pytest.raises(actions.AlreadyAsked):
        actions.ask_correction(by=resident, text="我没有去过那里", at=NOW)
    with pytest.raises(rules.NoEvidence):
        actions.answer_correction(by=DUTY, pk=first.pk, answer="好", at=NOW)
    actions.answer_correction(by=DUTY, pk=first.pk, answer="已转市平台核实", at=NOW)

    assert first.fact is None
    assert actions.ask_correction(by=resident, text="还是没有去过", at=NOW).pk != first.pk


def test_one_asks_for_ones_family_and_for_nobody_else(wang: Person) -> None:
    child, stranger = county.person(2), county.person(3)
    Bond.objects.create(person=wang, member=child, relation="CHILD", asked_at=NOW, agreed_at=NOW)

    asked = actions.ask_correction(by=county.resident(wang), person=child.pk, text="孩子没有出过村", at=NOW)

    assert asked.person == child
    with pytest.raises(NotFound):
        actions.ask_correction(by=county.resident(wang), person=stranger.pk, text="替别人问一下", at=NOW)
    for wrong in ("", "   ", "长" * 501):
        with pytest.raises(rules.NoEvidence):
            actions.ask_correction(by=county.resident(wang), text=wrong, at=NOW)


def test_a_correction_is_asked_by_a_resident_only() -> None:
    with pytest.raises(Refusal):
        actions.ask_correction(by=OFFICER, text="替人问一下", at=NOW)

    assert Correction.objects.count() == 0


# --- forgetting -----------------------------------------------------------------------------------------------------


def test_what_ran_out_two_weeks_ago_is_forgotten_with_all_that_hangs_on_it(wang: Person) -> None:
    old = county.received(wang, from_at=NOW - 30 * DAY, until_at=NOW - 15 * DAY)
    Correction.objects.create(person=wang, fact=old, text="不对", asked_at=NOW, answered_at=NOW, answer="已核实")
    fresh = county.received(county.person(2))
    proposal = county.proposed(at=NOW - 30 * DAY, until_at=NOW - 20 * DAY)

    gone = actions.purge(at=NOW)

    assert gone == 1 and list(Fact.objects.all()) == [fresh]
    assert not Correction.objects.exists() and not Proposal.objects.filter(pk=proposal.pk).exists()


def test_a_word_that_took_back_another_stays_as_long_as_the_other_runs(wang: Person) -> None:
    county.received(wang, from_at=NOW - 20 * DAY, until_at=NOW + 5 * DAY, at=NOW - 20 * DAY)
    county.received(
        wang,
        colour=Colour.GREEN,
        from_at=NOW - 19 * DAY,
        until_at=NOW - 16 * DAY,
        at=NOW - 19 * DAY,
        evidence="消息 2",
    )

    actions.purge(at=NOW)

    assert Fact.objects.count() == 2 and queries.standing(wang.pk, NOW) is None


def test_what_somebody_waits_to_be_answered_stays(wang: Person) -> None:
    old = county.received(wang, from_at=NOW - 30 * DAY, until_at=NOW - 15 * DAY)
    Correction.objects.create(person=wang, fact=old, text="不对", asked_at=NOW)

    assert actions.purge(at=NOW) == 0 and Fact.objects.count() == 1
