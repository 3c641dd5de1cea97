"""Looks and their rows, entries by hand, export and deletion."""

import uuid
from datetime import timedelta

import pytest

from zhuanban.base.accounts.rules import By, Kind, Role, Scope
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import NotFound, Refusal
from zhuanban.registry.people import actions, queries, rules
from zhuanban.registry.people.models import Bond, BondRequest, Person
from zhuanban.registry.people.tests.conftest import AT, Register, document, id_number

pytestmark = pytest.mark.django_db
GUARD = By(Kind.DEVICE, "device:3", "福来顺超市 正门", "identity:3", (Scope(Role.CHECKER, "", frozenset(), 1),), 17)
DUTY = By(Kind.STAFF, "5", "鲍店镇 值班员", "identity:5", (Scope(Role.TOWNSHIP_DUTY, "140428101"),))


def test_a_look_gives_the_identity_and_the_person_can_find_out(wang: By) -> None:
    identity = actions.look(by=DUTY, person=uuid.UUID(wang.key), reason="红码联系本人", at=AT, target="alert:17")

    entry = Entry.objects.get(verb="people.look")

    assert (identity.name, identity.phone, identity.document) == ("王小花", "13800000001", id_number())
    assert (entry.subject, entry.actor, entry.reason, entry.is_look) == (wang.key, "5", "红码联系本人", True)


def test_the_row_is_written_before_anything_is_deciphered(wang: By, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(row: Person) -> rules.Card:
        assert Entry.objects.filter(verb="people.look").exists()
        raise RuntimeError("power cut")

    monkeypatch.setattr("zhuanban.registry.people.actions.looks.queries.open_card", broken)

    with pytest.raises(RuntimeError):
        actions.look(by=DUTY, person=uuid.UUID(wang.key), reason="红码联系本人", at=AT)

    assert Entry.objects.filter(verb="people.look", subject=wang.key).exists()


@pytest.mark.parametrize("reason", ["", "看看", "      "])
def test_a_look_without_a_reason_shows_nothing(reason: str, wang: By) -> None:
    with pytest.raises(Refusal, match="为什么"):
        actions.look(by=DUTY, person=uuid.UUID(wang.key), reason=reason, at=AT)

    assert not Entry.objects.filter(verb="people.look").exists()


def test_nobody_is_not_looked_at() -> None:
    with pytest.raises(NotFound):
        actions.look(by=DUTY, person=uuid.uuid4(), reason="红码联系本人", at=AT)

    assert not Entry.objects.exists()


def test_a_list_is_masked_and_leaves_one_row_a_sign_in(wang: By, li: By) -> None:
    ids = [uuid.UUID(wang.key).bytes, uuid.UUID(li.key).bytes, b"n" * 16]
    for minute in range(3):
        shown = actions.masked_many(by=GUARD, ids=ids, at=AT + timedelta(minutes=minute), target="door:17")

    other = actions.masked_many(by=GUARD, ids=ids[:1], at=AT, target="door:18")
    begun = AT + timedelta(hours=1)
    actions.masked_many(by=GUARD, ids=[], at=begun, target="door:17", since=begun)

    assert shown == {
        ids[0]: rules.Masked("王*花", "138****0001", 36),
        ids[1]: rules.Masked("李*英", "138****0002", 76),
    }
    assert len(other) == 1
    rows = Entry.objects.filter(verb="people.list").order_by("seq").values_list("target", flat=True)
    assert list(rows) == ["door:17", "door:18", "door:17"]


def test_entry_by_hand_finds_the_same_person_again(wang: By) -> None:
    known = actions.register_manual(by=GUARD, name="王小华", document=document(), at=AT)

    new = actions.register_manual(by=GUARD, name="钱一", document=document(nth=5), phone="13800000009", at=AT)
    again = actions.register_manual(by=GUARD, name="钱一", document=document(nth=5), at=AT)

    assert known.pk.hex == wang.key and queries.masked(known).name == "王*花"
    assert new == again and new.origin == rules.Origin.MANUAL
    assert Entry.objects.filter(verb="people.register_manual", subject=wang.key, actor="device:3").exists()


def test_one_takes_everything_along(wang: By, li: By) -> None:
    asked = actions.ask_bond(by=li, phone="13800000001", relation=rules.Relation.CHILD, at=AT)
    actions.agree_bond(by=wang, pk=asked.pk, at=AT)

    told = actions.export_own(by=wang, at=AT)

    assert (told["姓名"], told["证件号码"], told["可以替我登记的人"]) == ("王小花", id_number(), ["李*英"])
    assert "李秀英" not in str(told) and Entry.objects.filter(verb="people.export", subject=wang.key).exists()


def test_one_moves_house(wang: By) -> None:
    moved = actions.move_home(by=wang, home=actions.Home("410000000000", "郑州市"), at=AT)

    card = queries.open_card(moved)

    assert moved.home_division == "410000000000" and (card.home, card.name) == ("郑州市", "王小花")


def test_deletion_waits_for_a_red_code(wang: By) -> None:
    with pytest.raises(actions.StillNeeded):
        actions.delete_own(by=wang, at=AT, is_held=lambda person: True)

    assert queries.masked(queries.own(wang)).name == "王*花"


def test_deletion_leaves_nothing_readable(wang: By, li: By, register: Register) -> None:
    by_wang = actions.ask_bond(by=wang, phone="13800000002", relation=rules.Relation.PARENT, at=AT)
    actions.agree_bond(by=li, pk=by_wang.pk, at=AT)
    actions.ask_bond(by=wang, phone="13855555555", relation=rules.Relation.OTHER, at=AT)
    child = actions.add_companion(
        by=wang, name="王乐乐", relation=rules.Relation.CHILD, document=None, is_guardian=True, at=AT
    )

    actions.delete_own(by=wang, at=AT, is_held=lambda person: False)

    row = Person.objects.get(pk=wang.key)
    indexes = (row.phone_index, row.account_phone_index, row.document_index, row.claimed_index)
    assert (bytes(row.sealed), indexes, row.home_division) == (b"", (None,) * 4, "")
    assert not Bond.objects.filter(ended_at=None).exists()
    assert {bytes(request.sealed) for request in BondRequest.objects.all()} == {b""}
    assert bytes(Person.objects.get(pk=child.member_id).sealed) == b""
    assert register().pk.hex != wang.key
