"""A list: what its address asks is what it shows, counts and exports."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from zhuanban.base.accounts.models import Account, Membership, Organisation
from zhuanban.base.ui import queries
from zhuanban.base.ui.rules import BadList, Option, ask, value_of
from zhuanban.base.ui.tests.accounts_list import SPEC, make

pytestmark = pytest.mark.django_db


def page(address: str = "", **options: list[Option]) -> queries.ListPage[Account]:
    return queries.page_of(Account.objects.all(), SPEC, QueryDict(address), options=options)


def names(shown: queries.ListPage[Account]) -> list[str]:
    return [row.username for row in shown.rows]


def five() -> None:
    for place, name in enumerate("abcde"):
        make(name, days_ago=place)


def test_a_plain_address_shows_the_first_page_in_the_lists_own_order() -> None:
    five()

    shown = page()

    assert names(shown) == ["a", "b", "c"]
    assert (shown.first, shown.last, shown.total, shown.previous_url) == (1, 3, 5, "")


def test_the_next_page_goes_on_where_the_first_ended_and_back_leads_to_it() -> None:
    five()

    second = page(page().next_url[1:])

    assert names(second) == ["d", "e"] and (second.first, second.last, second.next_url) == (4, 5, "")
    assert names(page(second.previous_url[1:])) == ["a", "b", "c"]


def test_a_row_that_came_in_between_neither_repeats_nor_hides_another() -> None:
    five()
    address = page().next_url[1:]

    make("new", days_ago=-1)

    second = page(address)
    assert names(second) == ["d", "e"] and (second.first, second.total) == (5, 6)


def test_rows_without_a_value_come_last_both_ways() -> None:
    make("never", days_ago=None)
    make("old", days_ago=9)
    make("new", days_ago=1)

    assert names(page("sort=seen")) == ["old", "new", "never"]
    assert names(page("sort=-seen")) == ["new", "old", "never"]


def test_a_place_that_is_gone_shows_the_first_page() -> None:
    five()
    second = page().next_url[1:]

    Account.objects.filter(username__in="de").delete()

    assert names(page(second)) == ["a", "b", "c"]


def test_paging_back_into_a_half_page_shows_the_whole_first_one() -> None:
    five()
    back = page(page().next_url[1:]).previous_url[1:]

    Account.objects.filter(username="b").delete()

    assert names(page(back)) == ["a", "c", "d"]


def test_views_are_tabs_with_counts_and_only_the_chosen_one_is_current() -> None:
    make("a")
    make("b", label="乙", is_active=False)

    shown = page("view=other")

    assert [(tab.title, tab.count, tab.is_current) for tab in shown.tabs] == [
        ("全部", 2, False),
        ("在用", 1, False),
        ("其他", 1, True),
    ]
    assert [tab.url for tab in shown.tabs] == ["?", "?view=active", "?view=other"] and names(shown) == ["b"]


def test_one_of_a_filters_values_is_enough_and_every_filter_must_hold() -> None:
    make("a", label="甲")
    make("b", label="乙", days_ago=2)
    make("c", label="", days_ago=2)
    make("d", label="丙", days_ago=2)

    assert names(page("label=甲&label=none")) == ["a", "c"]
    assert names(page("label=甲&label=乙&until=2026-11-22")) == ["b"]
    assert names(page("since=2026-11-22")) == ["a"]


def test_days_of_a_filter_are_the_countys() -> None:
    just_before = make("before", days_ago=0)
    Account.objects.filter(pk=just_before.pk).update(last_seen_at=datetime(2026, 11, 22, 15, 59, tzinfo=UTC))

    assert names(page("since=2026-11-23")) == []
    assert names(page("since=2026-11-22&until=2026-11-22")) == ["before"]


def test_chips_say_what_holds_and_lead_to_the_list_without_it() -> None:
    make("a")

    shown = page("label=甲&label=乙&q=x&view=active&sort=username")

    assert [(chip.title, chip.value) for chip in shown.chips] == [("称呼", "甲、乙"), ("含有", "x")]
    assert shown.chips[1].url == "?view=active&label=%E7%94%B2&label=%E4%B9%99&sort=username"
    assert shown.plain_url == "?view=active&sort=username"
    assert shown.kept == [("view", "active"), ("sort", "username")]


def test_the_search_looks_in_every_field_and_shows_a_row_once() -> None:
    both = make("shop")
    unit = Organisation.objects.create(name="鲍店镇政府", kind="OFFICE", division="140428101000")
    for role in ("VILLAGE", "GRID_WORKER"):
        Membership.objects.create(account=both, organisation=unit, role=role, division="140428101")
    make("other")

    assert names(page("q=鲍店")) == ["shop"]
    assert names(page("q=sho+鲍店")) == ["shop"]
    assert names(page("q=other+鲍店")) == []


def test_answers_that_depend_on_who_asks_are_given_with_the_page() -> None:
    make("a")

    shown = page("town=140428101", town=[Option("140428101", "鲍店镇")])

    assert shown.total == 0 and [(chip.title, chip.value) for chip in shown.chips] == [("乡镇", "鲍店镇")]
    assert [(option.label, chosen) for option, chosen in shown.conditions[3].options] == [("鲍店镇", True)]


def test_heads_sort_and_turn_round() -> None:
    make("a")

    heads = {head.column.key: head for head in page("sort=username&label=甲").heads}

    assert heads["username"].order == "ascending" and heads["username"].url.endswith("sort=-username")
    assert heads["label"].order == "" and heads["label"].url == "?label=%E7%94%B2&sort=label"
    assert heads["seen"].url == "?label=%E7%94%B2&sort=seen" and heads["active"].url == "" and "identity" not in heads


@pytest.mark.parametrize(
    "address",
    [
        "view=nobody",
        "sort=active",
        "sort=password",
        "label=丙",
        "town=140428102",
        "since=yesterday",
        "after=x",
        "before=W10",
        "after=WyJ4IiwgIngiXQ",
        "after=W3siZGF0ZXRpbWUiOiAiMjAyNi0xMS0yM1QwNDowMDowMCswMDowMCJ9LCAieCJd",
    ],
)
def test_what_the_list_does_not_have_is_refused_not_ignored(address: str) -> None:
    make("a")

    with pytest.raises(BadList):
        page(address)


def test_empty_and_strange_parameters_ask_nothing() -> None:
    make("a")

    assert ask(SPEC, {"q": [" "], "label": [""], "utm": ["x"]}) == ask(SPEC, {})


def test_a_page_costs_four_queries_and_the_first_one_three(django_assert_num_queries: object) -> None:
    five()
    address = page().next_url[1:]

    with django_assert_num_queries(3):  # type: ignore[operator]
        page()
    with django_assert_num_queries(4):  # type: ignore[operator]
        page(address)


def test_a_single_view_makes_no_tabs() -> None:
    shown = queries.page_of(Account.objects.all(), replace(SPEC, views=SPEC.views[:1]), {})

    assert shown.tabs == () and (shown.rows, shown.first, shown.last, shown.next_url) == ([], 0, 0, "")


def test_a_cells_value_follows_its_path_and_stops_at_nothing() -> None:
    unit = Organisation.objects.create(name="鲍店镇政府", kind="OFFICE", division="140428101000")
    seat = Membership(account=make("a"), organisation=unit, role="VILLAGE", division="140428101")
    column = SPEC.columns[0]

    assert value_of(type(column)("x", "单位", value="organisation.name"), seat) == "鲍店镇政府"
    assert value_of(type(column)("x", "结束", value="ended_at.year"), seat) is None
    assert value_of(type(column)("x", "角色", value="get_role_display"), seat) == "村（社区）"
    assert value_of(type(column)("x", "键", value="a.b"), {"a": {"b": 1}}) == 1
    assert value_of(type(column)("x", "函", value=lambda row: row.division[:6]), seat) == "140428"


def test_the_address_of_the_export_keeps_everything_but_the_place() -> None:
    five()

    second = page("sort=username&" + page("sort=username").next_url[1:])

    assert second.export_url == "?sort=username&export=xlsx"
    assert RequestFactory().get("/x" + second.export_url).GET["export"] == "xlsx"
