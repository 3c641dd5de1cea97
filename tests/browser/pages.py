"""Every page with an address of its own: who opens it, and what its picture is called. test_pages.py walks them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.people import GUARD, NOBODY

ELSEWHERE = 987_654_321  # stands for a key that is read off another page
GREEN, CARED_FOR = "16400000001", "16400000002"  # source: demo/words.py; both have a family
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stop:
    """A named URL. Its keys are fixed (`door` and `venue` are the demo's first), or stand in a link `on` a page."""

    shot: str
    name: str
    who: str
    keys: Mapping[str, str | int] = field(default_factory=dict)
    query: str = ""
    on: "Stop | None" = None
    pick: str = ""  # words in the row whose link is meant
    status: int = 200
    cookies: Words = field(default_factory=dict)
    walk: bool = False  # with the Tab key too

    def path(self, page: Page, first: Mapping[str, int]) -> str:
        keys = {name: first.get(str(value), value) for name, value in self.keys.items()}
        if self.on is None:
            return reverse(self.name, kwargs=keys) + self.query.format(**first)
        page.goto(self.on.path(page, first))
        sought = re.escape(reverse(self.name, kwargs={"pk": ELSEWHERE, **keys}))
        links: list[str] = (
            page.locator("main a[href]")
            .filter(has_text=self.pick)
            .evaluate_all("links => links.map((link) => link.getAttribute('href'))")
        )
        pattern = re.compile(sought.replace(str(ELSEWHERE), r"\d+") + "$")
        return next(link for link in links if pattern.match(link.partition("?")[0]))


def stop(shot: str, name: str, who: str, **more: Any) -> Stop:
    return Stop(shot, name, who, **more)


PORTAL = (
    stop("portal-home", "portal:home", NOBODY, walk=True),
    stop("portal-home-known", "portal:home", GREEN),
    stop("portal-home-care", "portal:home", CARED_FOR, cookies={"care": "1"}, walk=True),
    stop("portal-home-english", "portal:home", NOBODY, cookies={"lang": "en"}),
    stop("portal-how-to-scan", "portal:scan", NOBODY),
    stop("portal-how-to-scan-care", "portal:scan", NOBODY, cookies={"care": "1"}),
    stop("portal-notice", "portal:notice", NOBODY),
    stop("portal-sign-in", "portal:sign_in", NOBODY, walk=True),
    stop("portal-my", "portal:my", GREEN, walk=True),
    stop("portal-my-care", "portal:my", CARED_FOR, cookies={"care": "1"}),
    stop("portal-my-english", "portal:my", CARED_FOR, cookies={"lang": "en"}),
    stop("portal-my-new-notice", "portal:notice_again", GREEN),
    stop("portal-visits", "portal:visits", GREEN),
    stop("portal-looks", "portal:looks", GREEN),
    stop("portal-correction", "portal:correction", GREEN),
    stop("portal-family", "portal:family", GREEN, walk=True),
    stop("portal-family-add", "portal:family_add", GREEN),
    stop("portal-family-ask", "portal:family_ask", GREEN),
    stop("portal-data", "portal:data", GREEN, walk=True),
    stop("portal-data-english", "portal:data", CARED_FOR, cookies={"lang": "en"}),
    stop("portal-data-home", "portal:data_home", GREEN),
    stop("portal-data-village", "portal:data_home", GREEN, query="?in=140428101000"),
    stop("portal-data-outside", "portal:data_outside", GREEN),
    stop("portal-data-unit", "portal:data_unit", GREEN, query="?q=超市"),
    stop("portal-deleted", "portal:deleted", NOBODY),
)
DOOR = (
    stop("door-screen", "door:screen", GUARD, walk=True),
    stop("door-manual", "door:manual", GUARD, walk=True),
    stop("door-pin", "accounts:pin", GUARD),
    stop("door-no-device", "accounts:pin", NOBODY, status=401),
)
SIGN = (
    stop("sign-in", "accounts:sign_in", NOBODY, walk=True),
    stop("sign-in-demo", "accounts:sign_in", NOBODY, query="?as=county"),
    stop("sign-in-english", "accounts:sign_in", NOBODY, cookies={"lang": "en"}),
    stop("sign-again", "accounts:again", "county"),
    stop("sign-me", "accounts:me", "county"),
    stop("sign-password", "accounts:password", "county"),
    stop("sign-own-pin", "accounts:own_pin", "manager1"),
)
DEVICES = stop("desk-devices", "accounts:devices", "manager1", walk=True)
ACCOUNTS = stop("admin-accounts", "accounts:accounts", "system", walk=True)
GRANTS = stop("admin-account-grants", "accounts:account", "security", on=ACCOUNTS)
ADMIN = (
    DEVICES,
    stop("desk-devices-office", "accounts:devices", "office101"),
    stop("desk-device-invite", "accounts:invite", "manager1", query="?door={door}"),
    stop("desk-checker-pin", "accounts:checker_pin", "manager1", on=DEVICES),
    ACCOUNTS,
    stop("admin-account-new", "accounts:new", "system"),
    stop("admin-account", "accounts:account", "system", on=ACCOUNTS),
    GRANTS,
    stop("admin-grant-end", "accounts:end_grant", "security", on=GRANTS),
    stop("admin-organisations", "accounts:organisations", "system"),
    stop("audit-entries", "audit:entries", "auditor", walk=True),
    stop("audit-roots", "audit:roots", NOBODY),
)
TODAY = stop("desk-today", "desk:today", "county", walk=True)
DESK = (
    TODAY,
    stop("desk-today-english", "desk:today", "county", cookies={"lang": "en"}),
    stop("desk-today-township", "desk:today", "duty101"),
    stop("desk-today-manager", "desk:today", "manager1"),
    stop("desk-today-admin", "desk:today", "system"),
    stop("desk-map", "desk:map", "county", walk=True),
    stop("desk-search", "desk:search", "county", query="?q=福来顺"),
    stop("desk-search-nothing", "desk:search", "county", query="?q=没有这样的场所"),
    stop("desk-parts", "ui:parts", NOBODY),
    stop("desk-forbidden", "audit:entries", "county", status=403),
    stop("desk-not-found", "venues:venue", "county", keys={"pk": ELSEWHERE}, status=404),
)
TYPES = stop("venues-types", "venues:types", "county")
VENUE = {"pk": "venue"}
VENUES = (
    stop("venues-list", "venues:index", "county", walk=True),
    stop("venues-list-english", "venues:index", "county", cookies={"lang": "en"}),
    stop("venues-list-filtered", "venues:index", "county", query="?view=active&township=140428101"),
    stop("venues-list-empty", "venues:index", "county", query="?q=没有这样的场所"),
    stop("venues-list-manager", "venues:index", "manager1"),
    stop("venues-add", "venues:add", "county", walk=True),
    TYPES,
    stop("venues-type-add", "venues:add_type", "county"),
    stop("venues-type", "venues:change_type", "county", keys={"code": "supermarket"}),
    stop("venues-venue", "venues:venue", "county", keys=VENUE, walk=True),
    stop("venues-venue-english", "venues:venue", "county", keys=VENUE, cookies={"lang": "en"}),
    stop("venues-venue-manager", "venues:venue", "manager1", keys=VENUE),
    stop("venues-change", "venues:change", "county", keys=VENUE),
    stop("venues-suspend", "venues:deed", "county", keys={**VENUE, "name": "suspend"}),
    stop("venues-close", "venues:deed", "county", keys={**VENUE, "name": "close"}),
    stop("venues-door-close", "venues:door_deed", "county", keys={"pk": "door", "name": "close"}),
    stop(
        "venues-post-end",
        "venues:end_post",
        "county",
        on=stop("", "venues:venue", "county", keys=VENUE),
    ),
)
DOOR_CODES = stop("codes-door", "codes:door", "county", keys={"pk": "door"}, walk=True)
ORDERS = stop("codes-orders", "codes:orders", "county")
CODES = (
    DOOR_CODES,
    stop("codes-door-manager", "codes:door", "manager1", keys={"pk": "door"}),
    stop("codes-reissue", "codes:reissue", "county", on=DOOR_CODES),
    stop("codes-revoke", "codes:revoke", "county", on=DOOR_CODES),
    ORDERS,
    stop("codes-order-new", "codes:register_order", "county"),
    stop("codes-order-end", "codes:end_order", "county", on=ORDERS),
)
RED = stop("alerts-list-red", "alerts:list", "county", query="?view=red")
YELLOW = stop("alerts-list-yellow", "alerts:list", "county", query="?view=yellow")
CLOSED = stop("alerts-list-closed", "alerts:list", "county", query="?view=closed")
ALERTS = (
    stop("alerts-list", "alerts:list", "county", walk=True),
    stop("alerts-list-english", "alerts:list", "county", cookies={"lang": "en"}),
    RED,
    YELLOW,
    CLOSED,
    stop("alerts-alert-red", "alerts:alert", "duty101", on=RED, walk=True),
    stop("alerts-alert-red-english", "alerts:alert", "county", on=RED, cookies={"lang": "en"}),
    stop("alerts-alert-yellow", "alerts:alert", "county", on=YELLOW),
    stop("alerts-alert-closed", "alerts:alert", "county", on=CLOSED),
    stop("alerts-limits", "alerts:limits", "county"),
)
STATUS = stop("status-inbox", "status:index", "health2", walk=True)
STATUSES = (
    STATUS,
    stop("status-propose", "status:propose", "health1", walk=True),
    stop("status-proposal", "status:proposal", "health2", on=STATUS),
    stop("status-proposal-own", "status:proposal", "health1", on=STATUS),
    stop("status-corrections", "status:corrections", "health2"),
)
PAGES = (*PORTAL, *DOOR, *SIGN, *ADMIN, *DESK, *VENUES, *CODES, *ALERTS, *STATUSES)

# Reached only on a way of several steps: test_ways.py goes it.
ON_THE_WAY = frozenset(
    {
        "portal:code",
        "portal:register",
        "portal:register_name",
        "portal:register_home",
        "portal:register_outside",
        "portal:register_unit",
        "accounts:welcome",
        "accounts:enrol",
        "accounts:first_pin",
        "accounts:qr",
        "accounts:revoke",
    }
)
NO_PAGES = frozenset({"codes:poster", "accounts:home"})  # a PDF; a redirect
