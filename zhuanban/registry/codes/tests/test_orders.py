"""No order in force, no scan; the end of an order is final."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound
from zhuanban.registry.codes import actions, queries, rules
from zhuanban.registry.codes.models import ScanOrder
from zhuanban.registry.codes.tests import BAODIAN_OFFICE, COUNTY_OFFICE, NOON
from zhuanban.registry.places import queries as snapshot

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def register(number: str = "长疫指〔2026〕12号", *, starts: int = 0, ends: int = 30) -> ScanOrder:
    return actions.register_order(
        number=number,
        title="关于启用场所码的通告",
        issuer="县指挥部",
        from_at=NOON + starts * DAY,
        until_at=NOON + ends * DAY,
        by=COUNTY_OFFICE,
        at=NOON,
    )


def test_scanning_runs_from_the_beginning_until_just_before_the_end() -> None:
    order = register(starts=1, ends=3)

    found = [queries.order_at(NOON + days * DAY) for days in (0, 1, 2, 3)]

    assert found == [None, order, order, None]


def test_orders_may_overlap_and_the_one_that_began_last_is_named() -> None:
    first, second = register("1", ends=10), register("2", starts=5, ends=20)

    found = [queries.order_at(NOON + days * DAY) for days in (1, 6, 15)]

    assert found == [first, second, second]
    assert [line.state for line in queries.order_lines(NOON)] == [rules.OrderState.AHEAD, rules.OrderState.RUNNING]


def test_the_end_is_at_once_and_for_good() -> None:
    order = actions.end_order(order=register(), by=COUNTY_OFFICE, reason="疫情解除", at=NOON + DAY)

    with pytest.raises(actions.OrderIsOver):
        actions.end_order(order=order, by=COUNTY_OFFICE, reason="再结束一次", at=NOON + 2 * DAY)

    assert queries.order_at(NOON + DAY) is None and queries.order_at(NOON + DAY / 2) == order
    assert (order.ended_at, order.ended_by, order.ended_reason) == (NOON + DAY, COUNTY_OFFICE.key, "疫情解除")
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        ScanOrder.objects.filter(pk=order.pk).update(ended_at=None)


def test_an_order_that_has_run_out_cannot_be_ended() -> None:
    order = register(ends=1)

    with pytest.raises(actions.OrderIsOver):
        actions.end_order(order=order, by=COUNTY_OFFICE, reason="晚了", at=NOON + DAY)


def test_an_order_ended_before_it_began_never_runs() -> None:
    actions.end_order(order=register(starts=5), by=COUNTY_OFFICE, reason="撤回", at=NOON)

    assert queries.order_at(NOON + 6 * DAY) is None
    assert rules.in_force(queries.orders_for_snapshot(), at=NOON + 6 * DAY) is None


def test_the_gate_s_own_reading_agrees_with_the_database() -> None:
    register("1", ends=10)
    actions.end_order(order=register("2", starts=5, ends=20), by=COUNTY_OFFICE, reason="撤回", at=NOON + 12 * DAY)
    facts = queries.orders_for_snapshot()

    for hours in range(-24, 24 * 25, 7):
        at = NOON + timedelta(hours=hours)
        kept, known = queries.order_at(at), rules.in_force(facts, at=at)
        assert (kept and kept.number) == (known and known.number)


@pytest.mark.parametrize(("starts", "ends"), [(1, 1), (2, 1), (-3, -1), (-1, 0)])
def test_an_order_that_would_never_run_is_refused(starts: int, ends: int) -> None:
    with pytest.raises(actions.OrderNeverRuns):
        register(starts=starts, ends=ends)

    assert not queries.orders().exists()


def test_the_database_holds_that_an_order_has_an_end() -> None:
    order = register()

    with pytest.raises(IntegrityError), transaction.atomic():
        ScanOrder.objects.filter(pk=order.pk).update(until_at=order.from_at)


def test_a_number_is_registered_once() -> None:
    register("同一文号")

    with pytest.raises(actions.OrderNumberTaken):
        register("同一文号", starts=40, ends=50)


def test_only_the_county_office_registers_and_ends() -> None:
    order = register()

    with pytest.raises(Forbidden):
        actions.end_order(order=order, by=BAODIAN_OFFICE, reason="越权", at=NOON)
    with pytest.raises(Forbidden):
        actions.register_order(
            number="2", title="越权", issuer="镇", from_at=NOON, until_at=NOON + DAY, by=BAODIAN_OFFICE, at=NOON
        )


def test_every_change_is_in_the_audit_and_told_to_the_gate() -> None:
    before = snapshot.snapshot_version()

    order = actions.end_order(order=register(), by=COUNTY_OFFICE, reason="疫情解除", at=NOON)

    rows = Entry.objects.filter(verb__startswith="codes.").order_by("seq").values_list("verb", "target", "reason")
    assert list(rows) == [
        ("codes.order", f"order:{order.pk}", ""),
        ("codes.order_end", f"order:{order.pk}", "疫情解除"),
    ]
    assert [(kind, key) for _, kind, key in snapshot.changes_since(before)] == [("order", str(order.pk))] * 2


def test_an_unknown_order_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.order(7)
