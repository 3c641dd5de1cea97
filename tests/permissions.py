"""Who may open what: one row for every address of the desk's process. Read this first.

A row names an address, who may GET it and who may POST to it, and what kind of thing it names. Everybody else is
turned away, and `tests/test_permissions.py` asks every row in the name of every actor, for every place of the thing:

| the actor | and the thing | gets |
|---|---|---|
| is signed in as nothing that the page is for | | the sign-in: 302 to it, or 401 |
| is of the staff, but in none of the roles of `opens` | | 403, whatever the thing |
| | lies out of their reach, or does not exist | 404, the same page for both; never 403 |
| | is within reach, but only others may act on it | 403 |
| may | is within reach | the page, a redirect on, or what is wrong with the form; never 404 |

Who is not let in is asked about one thing within reach and one without, the others about the thing at every place.
A method that nobody is named for is closed to all. Whoever is turned away has written nothing, and no answer carries
the name, number or short code of anything out of the actor's reach. An address without a row fails, and a row without
an address.

`foreign="nothing"` stands where a thing is named in a form: a foreign one is then refused in the form's own way, like
one that does not exist, and nothing is written. `again` asks for password and code once more after five minutes.
The gate's own addresses (`/s/…`) are not here: they know no roles (trail/gate/tests).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhuanban.base.accounts.rules import Role

# --- who asks -------------------------------------------------------------------------------------------------------

STAFF = frozenset(role.value for role in Role)  # one account of each role, in the role's natural scope
RESIDENT = frozenset({"RESIDENT"})  # signed in on the portal
NEWCOMER = frozenset({"NEWCOMER"})  # a browser whose telephone was proved a minute ago: not registered yet
DEVICE = frozenset({"DEVICE"})  # a phone at a door, with an open shift
DEVICES = DEVICE | {"IDLE_DEVICE"}  # the same without a shift
EVERYBODY = STAFF | RESIDENT | NEWCOMER | DEVICES | {"NOBODY"}
NONE: frozenset[str] = frozenset()

OFFICES = frozenset({"COUNTY_OFFICE", "TOWNSHIP_OFFICE"})
MANAGERS = OFFICES | {"VENUE_MANAGER"}  # look after doors, devices and who stands there
DUTY = OFFICES | {"COUNTY_DUTY", "TOWNSHIP_DUTY"}  # act on a red alert
AREA = DUTY | {"VILLAGE", "GRID_WORKER"}
SEE_VENUES = AREA | {"INDUSTRY", "VENUE_MANAGER"}
SEE_ALERTS = SEE_VENUES | {"HEALTH_OFFICER", "EPIDEMIOLOGIST"}
HEALTH = frozenset({"HEALTH_OFFICER"})
DECIDERS = HEALTH | {"COUNTY_DUTY"}  # a colour set by hand needs two of them
COUNTY_OFFICE, AUDITOR = frozenset({"COUNTY_OFFICE"}), frozenset({"AUDITOR"})
SYSTEM, SECURITY = frozenset({"SYSTEM_ADMIN"}), frozenset({"SECURITY_ADMIN"})
ADMINS = SYSTEM | SECURITY

# --- how far they reach ---------------------------------------------------------------------------------------------

OWN, VILLAGE, TOWNSHIP = "own", "other village", "other township"
SECTOR, ORGANISATION, MISSING = "other sector", "other organisation", "missing"
# OWN is a venue in 鲍店镇 南街村, of commerce, of one organisation, with all that hangs on a venue. Each other one
# differs in one thing: VILLAGE lies in 北街村, TOWNSHIP in 石哲镇, SECTOR is of health, ORGANISATION is next door.
PLACES = (OWN, VILLAGE, TOWNSHIP, SECTOR, ORGANISATION)
PLACED = frozenset(
    {"venue", "door", "code", "alert", "device", "checker", "post", "arrival", "village", "organisation"}
)
_COUNTY, _TOWNSHIP = frozenset(PLACES), frozenset({OWN, VILLAGE, SECTOR, ORGANISATION})
_VILLAGE, _SECTOR = frozenset({OWN, SECTOR, ORGANISATION}), frozenset({OWN, VILLAGE, TOWNSHIP, ORGANISATION})
REACH: Mapping[str, frozenset[str]] = {
    "COUNTY_OFFICE": _COUNTY,
    "COUNTY_DUTY": _COUNTY,
    "HEALTH_OFFICER": _COUNTY,
    "EPIDEMIOLOGIST": _COUNTY,
    "TOWNSHIP_OFFICE": _TOWNSHIP,
    "TOWNSHIP_DUTY": _TOWNSHIP,
    "VILLAGE": _VILLAGE,
    "GRID_WORKER": _VILLAGE,
    "INDUSTRY": _SECTOR,
    "VENUE_MANAGER": frozenset({OWN}),
    "CHECKER": frozenset({OWN}),
    "DEVICE": frozenset({OWN}),
    "IDLE_DEVICE": frozenset({OWN}),
    # SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR: no rows of the county's work at all. Nor anybody who is not of the staff.
}


def reaches(actor: str, kind: str, place: str) -> bool:
    """What lies nowhere (an order, an account, one's own family) is within reach of whoever may open the page."""
    if kind in PLACED:
        return place in REACH.get(actor, NONE)
    return kind == "" or place == OWN


# --- the rows -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """`of` is the kind of thing; its key stands in the path as `at`, or as {key} in `query` or `body`."""

    name: str
    get: frozenset[str] = NONE
    post: frozenset[str] = NONE
    of: str = ""
    at: str = "pk"  # the path's parameter
    more: Mapping[str, str] = field(default_factory=dict)  # the path's other parameters
    query: str = ""
    body: Mapping[str, str] = field(
        default_factory=dict
    )  # what is posted; empty where the check comes before the form
    let_in: frozenset[str] = NONE  # further roles that the page lets in, which may not act
    foreign: Literal["hidden", "nothing"] = "hidden"
    again: bool = False
    ends_at: str = ""  # the sign-in that a successful act leads to: it is no refusal there
    only_in_demo: bool = False  # elsewhere there is no such page
    names_all: bool = False  # lists of accounts and units, for who runs these: names of units are no secret there

    @property
    def opens(self) -> frozenset[str]:
        return self.get | self.post | self.let_in

    def is_about(self, method: str) -> bool:
        """Whether a request names the thing: what stands in the form is not in a GET."""
        return bool(self.of) and (method == "POST" or bool(self.at or self.query))


WHY = {"reason": "清单核对"}
NEW_UNIT = {"name": "新单位", "kind": "OFFICE", "division": "140428101000"}
NEW_VENUE = {"name": "新店", "type": "supermarket", "division": "{key}", "address": "1 号"}
NEW_VENUE |= {"no_uscc_reason": "个体未办照"}
NEW_CHECKER = {"organisation": "{key}", "label": "新来的", "pin": "4826"}

PORTAL = (
    Row("portal:home", get=EVERYBODY),
    Row("portal:scan", get=EVERYBODY),
    Row("portal:notice", get=EVERYBODY),
    Row("portal:sign_in", get=EVERYBODY, post=EVERYBODY),
    Row("portal:sign_out", post=EVERYBODY),
    Row("portal:deleted", get=EVERYBODY),
    Row("portal:code", get=NEWCOMER, post=NEWCOMER),
    Row("portal:code_again", post=NEWCOMER),
    Row("portal:register", get=NEWCOMER, post=NEWCOMER),
    Row("portal:register_name", get=NEWCOMER, post=NEWCOMER),
    Row("portal:register_home", get=NEWCOMER, post=NEWCOMER),
    Row("portal:register_outside", get=NEWCOMER, post=NEWCOMER),
    Row("portal:register_unit", get=NEWCOMER, post=NEWCOMER),
    Row("portal:my", get=RESIDENT),
    Row("portal:my", get=RESIDENT, of="kin", at="", query="?of={key}"),
    Row("portal:notice_again", get=RESIDENT, post=RESIDENT),
    Row("portal:visits", get=RESIDENT),
    Row("portal:looks", get=RESIDENT),
    Row("portal:correction", get=RESIDENT, post=RESIDENT),
    Row("portal:family", get=RESIDENT),
    Row("portal:family_add", get=RESIDENT, post=RESIDENT),
    Row("portal:family_ask", get=RESIDENT, post=RESIDENT),
    Row("portal:family_agree", post=RESIDENT, of="request to me"),
    Row("portal:family_decline", post=RESIDENT, of="request to me"),
    Row("portal:family_withdraw", post=RESIDENT, of="request of mine"),
    Row("portal:family_end", post=RESIDENT, of="bond"),
    Row("portal:data", get=RESIDENT),
    Row("portal:export", post=RESIDENT),
    Row("portal:data_home", get=RESIDENT, post=RESIDENT),
    Row("portal:data_outside", get=RESIDENT, post=RESIDENT),
    Row("portal:data_unit", get=RESIDENT, post=RESIDENT),
    Row("portal:sign_out_everywhere", post=RESIDENT),
    Row("portal:delete", post=RESIDENT),
)
DOOR = (
    Row("door:screen", get=DEVICE),
    Row("door:scan", post=DEVICE),
    Row("door:photo", post=DEVICE),
    Row("door:manual", get=DEVICE, post=DEVICE),
    Row("door:greens", post=DEVICE),
    Row("door:verify", post=DEVICE, of="arrival", at="", body={"visit": "{key}", "nth": "0", "outcome": "ADMIT"}),
)
SIGN = (
    Row("accounts:sign_in", get=EVERYBODY, post=EVERYBODY),
    Row("accounts:sign_out", post=EVERYBODY, ends_at="accounts:sign_in"),
    Row("accounts:welcome", get=EVERYBODY, post=EVERYBODY, of="welcome", at="secret"),
    Row("accounts:enrol", get=EVERYBODY, post=EVERYBODY, of="invitation", at="secret", ends_at="accounts:pin"),
    Row("accounts:pin", get=DEVICES, post=DEVICES),
    Row("accounts:first_pin", get=DEVICE, post=DEVICE),
    Row("accounts:end_shift", post=DEVICE, ends_at="accounts:pin"),
    Row("accounts:again", get=STAFF, post=STAFF),
    Row("accounts:home", get=STAFF),
    Row("accounts:me", get=STAFF),
    Row("accounts:password", get=STAFF, post=STAFF, again=True),
    Row("accounts:own_pin", get=STAFF, post=STAFF, again=True),
)
DEVICES_AND_CHECKERS = (
    Row("accounts:devices", get=MANAGERS),
    Row("accounts:invite", get=MANAGERS, post=MANAGERS, of="door", at="", query="?door={key}"),
    Row(
        "accounts:invite_field",
        post=OFFICES,
        let_in=MANAGERS,
        of="village",
        at="",
        body={"label": "网格手机", "division": "{key}"},
        foreign="nothing",
    ),
    Row("accounts:qr", get=MANAGERS, of="device"),
    Row("accounts:renew", post=MANAGERS, of="device"),
    Row("accounts:revoke", get=MANAGERS, post=MANAGERS, of="device", body=WHY),
    Row("accounts:unlock", post=MANAGERS, of="device"),
    Row(
        "accounts:add_checker",
        post=frozenset({"VENUE_MANAGER"}),  # an office adds people to the office itself, not to a shop
        let_in=MANAGERS,
        of="organisation",
        at="",
        body=NEW_CHECKER,
        foreign="nothing",
    ),
    Row("accounts:checker_pin", get=MANAGERS, post=MANAGERS, of="checker"),
)
ADMINISTRATION = (
    Row("accounts:accounts", get=ADMINS, names_all=True),
    Row("accounts:new", get=SYSTEM, post=SYSTEM, again=True),
    Row("accounts:account", get=ADMINS, of="account", names_all=True),
    Row("accounts:close", post=SYSTEM, of="account", again=True, names_all=True),
    Row("accounts:open_again", post=SYSTEM, of="account", again=True, names_all=True),
    Row("accounts:grant", post=SECURITY, of="account", again=True, names_all=True),
    Row("accounts:end_grant", get=SECURITY, post=SECURITY, of="grant", body=WHY, again=True),
    Row("accounts:organisations", get=ADMINS, post=SYSTEM, body=NEW_UNIT, names_all=True),
    Row("audit:entries", get=AUDITOR, names_all=True),
    Row("audit:roots", get=EVERYBODY),
)
DESK = (
    Row("desk:today", get=STAFF),
    Row("desk:map", get=STAFF),
    Row("desk:search", get=STAFF),
    Row("ui:language", post=EVERYBODY),
    Row("ui:care", post=EVERYBODY),
    Row("ui:parts", get=EVERYBODY, only_in_demo=True),
)
VENUES = (
    Row("venues:index", get=SEE_VENUES),
    Row("venues:add", get=OFFICES, post=OFFICES, of="village", at="", body=NEW_VENUE, foreign="nothing"),
    Row("venues:suspend_many", post=OFFICES, of="venue", at="", body={"pick": "{key}", **WHY}, foreign="nothing"),
    Row("venues:types", get=SEE_VENUES),
    Row("venues:add_type", get=COUNTY_OFFICE, post=COUNTY_OFFICE),
    Row("venues:change_type", get=COUNTY_OFFICE, post=COUNTY_OFFICE, of="type", at="code"),
    Row("venues:venue", get=SEE_VENUES, of="venue"),
    Row("venues:change", get=OFFICES, post=OFFICES, of="venue"),
    Row("venues:add_door", post=OFFICES, of="venue", body={"name": "后门", "kind": "DOOR"}),
    Row("venues:assign", post=MANAGERS, of="venue"),
    Row("venues:deed", get=OFFICES, post=OFFICES, of="venue", more={"name": "suspend"}, body=WHY),
    Row("venues:deed", get=OFFICES, post=OFFICES, of="venue", more={"name": "resume"}, body=WHY),
    Row("venues:deed", get=OFFICES, post=OFFICES, of="venue", more={"name": "close"}, body=WHY),
    Row("venues:door_deed", get=OFFICES, post=OFFICES, of="door", more={"name": "close"}, body=WHY),
    Row("venues:door_deed", get=OFFICES, post=OFFICES, of="door", more={"name": "open"}, body=WHY),
    Row("venues:end_post", get=MANAGERS, post=MANAGERS, of="post", body=WHY),
)
CODES = (
    Row("codes:poster", get=STAFF, of="code"),
    Row("codes:door", get=STAFF, of="door"),
    Row("codes:issue", post=OFFICES, of="door"),
    Row("codes:reissue", get=OFFICES, post=OFFICES, of="code", body=WHY),
    Row("codes:revoke", get=OFFICES, post=OFFICES, of="code", body=WHY),
    Row("codes:orders", get=COUNTY_OFFICE),
    Row("codes:register_order", get=COUNTY_OFFICE, post=COUNTY_OFFICE, again=True),
    Row("codes:end_order", get=COUNTY_OFFICE, post=COUNTY_OFFICE, of="order", body=WHY, again=True),
)
ALERTS = (
    Row("alerts:list", get=SEE_ALERTS),
    Row("alerts:limits", get=COUNTY_OFFICE, post=COUNTY_OFFICE),
    Row("alerts:alert", get=SEE_ALERTS, of="alert"),
    Row("alerts:acknowledge", post=DUTY, let_in=SEE_ALERTS, of="alert"),
    Row("alerts:hand_over", post=DUTY, let_in=SEE_ALERTS, of="alert", body={"to": "卫生院护士站"}),
    Row("alerts:close", post=DUTY, let_in=SEE_ALERTS, of="alert", body={"note": "人已送到"}),
    Row("alerts:look", post=DUTY, let_in=SEE_ALERTS, of="alert", body={"reason": "联系本人转运"}),
)
STATUS = (
    Row("status:index", get=DECIDERS),
    Row("status:propose", get=HEALTH, post=HEALTH),
    Row("status:proposal", get=DECIDERS, of="proposal"),
    Row("status:confirm", post=DECIDERS, of="proposal"),
    Row("status:refuse", post=DECIDERS, of="proposal", body={"answer": "证据不足，请补充"}),
    Row("status:look", post=DECIDERS, of="proposal", body={"reason": "核对本人身份"}),
    Row("status:corrections", get=DECIDERS),
    Row("status:answer", post=DECIDERS, of="correction", body={"answer": "已核实，颜色没有错"}),
)
TABLE = (*PORTAL, *DOOR, *SIGN, *DEVICES_AND_CHECKERS, *ADMINISTRATION, *DESK, *VENUES, *CODES, *ALERTS, *STATUS)
