"""Families: two sides, a guardian, or a grid worker; and what the gate and the phones learn of it."""

import uuid
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By, Kind, Role, Scope
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound, Refusal
from zhuanban.registry.people import actions, queries, rules
from zhuanban.registry.people.models import Bond, Person
from zhuanban.registry.people.rules import Relation
from zhuanban.registry.people.tests.conftest import AT, Register, document
from zhuanban.registry.places import queries as places

pytestmark = pytest.mark.django_db
LI, NOBODY = "13800000002", "13899999999"


def ask(by: By, phone: str = LI) -> int:
    return actions.ask_bond(by=by, phone=phone, relation=Relation.PARENT, at=AT).pk


def child(by: By, nth: int = 9, *, birth: str = "20180307", is_guardian: bool = True) -> Bond:
    return actions.add_companion(
        by=by, name="王乐乐", relation=Relation.CHILD, document=document(birth, nth), is_guardian=is_guardian, at=AT
    )


def names(by: By) -> list[tuple[str, str]]:
    return [(kin.name, kin.relation) for kin in queries.family_of(queries.own(by), AT)]


def test_a_family_is_bound_when_both_have_said_so(wang: By, li: By) -> None:
    ask(wang)
    assert names(wang) == [("王*花", "本人")]

    [asked] = queries.requests_to(li, AT)
    actions.agree_bond(by=li, pk=asked.pk, at=AT)

    assert asked.who == "王*花" and names(wang) == [("王*花", "本人"), ("李*英", "母亲")]
    assert names(li) == [("李*英", "本人")] and queries.requests_of(wang, AT) == []


def test_the_asker_cannot_tell_a_known_phone_from_an_unknown_or_a_no(wang: By, li: By) -> None:
    ask(wang)
    ask(wang, NOBODY)
    [asked] = queries.requests_to(li, AT)

    actions.decline_bond(by=li, pk=asked.pk, at=AT)

    waiting = [(one.relation, one.lapses_at) for one in queries.requests_of(wang, AT)]
    assert waiting == [("父母", AT + timedelta(days=7))] * 2 and queries.requests_to(li, AT) == []


def test_asking_is_the_same_work_for_a_known_and_an_unknown_phone(
    wang: By, li: By, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(30) as known:
        ask(wang)
    with django_assert_max_num_queries(30) as unknown:
        ask(wang, NOBODY)

    assert len(known.captured_queries) == len(unknown.captured_queries)


def test_somebody_who_registers_later_finds_the_request(wang: By, register: Register) -> None:
    ask(wang, NOBODY)

    zhao = queries.resident(register("赵明", phone=NOBODY, nth=3))

    assert [asked.who for asked in queries.requests_to(zhao, AT)] == ["王*花"]
    assert queries.requests_to(zhao, AT + timedelta(days=7)) == []


def test_asking_twice_is_once_and_oneself_never(wang: By) -> None:
    first = ask(wang)

    again = ask(wang)

    assert first == again
    with pytest.raises(Refusal, match="自己的手机号"):
        ask(wang, "13800000001")


def test_a_request_can_be_taken_back(wang: By, li: By) -> None:
    pk = ask(wang)

    actions.withdraw_request(by=wang, pk=pk, at=AT)

    assert queries.requests_to(li, AT) == queries.requests_of(wang, AT) == []
    for refused in (actions.withdraw_request, actions.agree_bond, actions.decline_bond):
        with pytest.raises(NotFound):
            refused(by=li, pk=pk, at=AT)


def test_nobody_is_pestered(wang: By) -> None:
    for nth in range(rules.ASKINGS_MAX):
        pk = ask(wang, f"139000000{nth:02d}")
        actions.withdraw_request(by=wang, pk=pk, at=AT)

    with pytest.raises(Refusal, match="请求太多"):
        ask(wang, NOBODY)


def test_a_child_has_no_account_and_its_guardian_says_so(wang: By) -> None:
    with pytest.raises(rules.GuardianNeeded):
        child(wang, is_guardian=False)

    bond = child(wang)

    kin = queries.family_of(queries.own(wang), AT)[1]
    assert (kin.name, kin.relation, kin.age, kin.has_account) == ("王*乐", "孩子", 8, False)
    assert bond.member.notice_version == rules.NOTICE_VERSION and bond.agreed_by == wang.key


def test_an_elder_may_be_added_without_a_document(wang: By) -> None:
    actions.add_companion(by=wang, name="李秀英", relation=Relation.PARENT, document=None, is_guardian=False, at=AT)

    family = names(wang)

    assert family[1] == ("李*英", "父母")


def test_a_family_has_eight_places_and_a_request_holds_one(wang: By, li: By) -> None:
    ask(wang)
    for nth in range(rules.FAMILY_MAX - 1):
        child(wang, nth + 10)

    with pytest.raises(rules.FamilyFull):
        child(wang, 40)

    [asked] = queries.requests_to(li, AT)
    assert actions.agree_bond(by=li, pk=asked.pk, at=AT).agreed_at == AT


@pytest.mark.parametrize("side", ["wang", "li"])
def test_either_side_ends_it_and_the_gate_is_told(side: str, wang: By, li: By) -> None:
    bond = actions.agree_bond(by=li, pk=ask(wang), at=AT)
    version = places.snapshot_version()
    before = dict(queries.snapshot_family())

    actions.end_bond(by=wang if side == "wang" else li, pk=bond.pk, at=AT)

    wang_id, li_id = uuid.UUID(wang.key).bytes, uuid.UUID(li.key).bytes
    assert before == {wang_id: (li_id,)} and dict(queries.snapshot_family()) == {}
    assert queries.family_for_snapshot(uuid.UUID(wang.key)) == ()
    assert ("person", wang.key) in {(kind, key) for _n, kind, key in places.changes_since(version)}


def test_nobody_else_ends_it(wang: By, li: By, register: Register) -> None:
    bond = actions.agree_bond(by=li, pk=ask(wang), at=AT)
    zhao = queries.resident(register("赵明", phone="13800000003", nth=3))

    with pytest.raises(NotFound):
        actions.end_bond(by=zhao, pk=bond.pk, at=AT)


def test_a_companion_whom_nobody_enters_any_more_is_forgotten(wang: By) -> None:
    bond = child(wang)

    actions.end_bond(by=wang, pk=bond.pk, at=AT)

    row = Person.objects.get(pk=bond.member_id)
    assert bytes(row.sealed) == b"" and row.document_index is None and queries.masked(row).name == "已注销"


def test_the_browser_gets_the_family_to_tick(wang: By) -> None:
    child(wang)

    text = queries.family_token(queries.own(wang), AT)

    members = rules.read_family(text, key=ciphers.key("shared/session"))
    assert [member.name for member in members] == ["王*花", "王*乐"] and members[0].person.hex() == wang.key


def test_asking_again_for_whom_one_has_is_harmless(wang: By, li: By) -> None:
    first = actions.agree_bond(by=li, pk=ask(wang), at=AT)

    again = actions.agree_bond(by=li, pk=ask(wang), at=AT)

    assert again == first and len(names(wang)) == 2


# --- the grid worker ------------------------------------------------------------------------------------------------


def worker(role: Role = Role.GRID_WORKER, area: str = "140428101") -> By:
    return By(Kind.STAFF, "7", "网格员", "identity:7", (Scope(role, area),))


def test_a_grid_worker_binds_who_stands_before_them(wang: By, li: By) -> None:
    bond = actions.bind_family(
        by=worker(),
        person=uuid.UUID(wang.key),
        member=uuid.UUID(li.key),
        relation=Relation.PARENT,
        reason="当面看过两人身份证",
        at=AT,
    )

    assert names(wang)[1] == ("李*英", "母亲") and bond.agreed_by == "7"
    assert Entry.objects.filter(verb="people.bind", subject=li.key, reason="当面看过两人身份证").exists()


@pytest.mark.parametrize(
    ("by", "refused"),
    [
        (worker(Role.TOWNSHIP_DUTY), Forbidden),
        (worker(area="140428102"), NotFound),
        (worker(Role.SYSTEM_ADMIN), Forbidden),
    ],
)
def test_only_the_grid_worker_of_the_area_binds(by: By, refused: type[Refusal], wang: By, li: By) -> None:
    with pytest.raises(refused):
        actions.bind_family(
            by=by,
            person=uuid.UUID(wang.key),
            member=uuid.UUID(li.key),
            relation=Relation.PARENT,
            reason="当面",
            at=AT,
        )

    assert not Bond.objects.exists()


def test_who_may_work_on_whom(wang: By, li: By) -> None:
    bond = actions.agree_bond(by=li, pk=ask(wang), at=AT)
    li_id, wang_id = uuid.UUID(li.key), uuid.UUID(wang.key)

    assert queries.person(wang, li_id).pk == bond.member_id and queries.person(worker(), wang_id).pk == wang_id
    for stranger, pk in ((li, wang_id), (worker(Role.SECURITY_ADMIN), wang_id), (worker(area="1404281012"), wang_id)):
        if stranger.has(Role.GRID_WORKER):
            assert queries.person(stranger, pk)
            continue
        with pytest.raises(NotFound):
            queries.person(stranger, pk)
