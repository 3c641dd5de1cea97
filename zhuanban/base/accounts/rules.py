"""Who asks, and how far they may see: scope = role × division prefix × sectors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal

ABSOLUTE_SESSION = timedelta(hours=8)  # source: DESIGN §3, a shift
IDLE_SESSION = timedelta(minutes=15)  # source: DESIGN §3
REAUTHENTICATION = timedelta(minutes=5)  # how long a fresh password and code stand for sensitive acts
DEVICE_LIFETIME = timedelta(days=30)  # source: DESIGN §3, door devices
SHIFT = timedelta(hours=12)  # a PIN opens a door device for one shift at most
DEVICE_INVITATION = timedelta(minutes=15)  # how long the QR for a new device stands
WELCOME = timedelta(hours=72)  # how long a new account's own link stands
SEEN_STEP = timedelta(minutes=1)  # activity is noted this often, not with every click
PIN_TRIES = 5  # wrong PINs, then the device stays shut until a manager opens it
PIN_DIGITS = (4, 6)  # shortest and longest
DEMO_PASSWORD = "demo-zhuanban"  # noqa: S105  (of every account of the demo county, and shown on its page)


class Role(Choice):
    COUNTY_OFFICE = "COUNTY_OFFICE", "县专班办公室"
    COUNTY_DUTY = "COUNTY_DUTY", "县值班员"
    TOWNSHIP_OFFICE = "TOWNSHIP_OFFICE", "乡镇专班"
    TOWNSHIP_DUTY = "TOWNSHIP_DUTY", "乡镇值班员"
    VILLAGE = "VILLAGE", "村（社区）"
    GRID_WORKER = "GRID_WORKER", "网格员"
    INDUSTRY = "INDUSTRY", "行业主管部门"
    VENUE_MANAGER = "VENUE_MANAGER", "场所管理人"
    CHECKER = "CHECKER", "门口值守"
    HEALTH_OFFICER = "HEALTH_OFFICER", "卫健核定员"
    EPIDEMIOLOGIST = "EPIDEMIOLOGIST", "流调员"
    SYSTEM_ADMIN = "SYSTEM_ADMIN", "系统管理员"
    SECURITY_ADMIN = "SECURITY_ADMIN", "安全管理员"
    AUDITOR = "AUDITOR", "审计员"


# Roles bound to their own organisation's rows, wherever these lie; all others see a division's area.
OF_ORGANISATION = frozenset({Role.VENUE_MANAGER, Role.CHECKER})
# 三员分立: who runs the system, grants rights or audits both does nothing else, and sees no case, person or venue.
WITHOUT_DATA = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
# May enrol, open and revoke devices, and give a first PIN.
INVITERS = frozenset({Role.VENUE_MANAGER, Role.TOWNSHIP_OFFICE, Role.COUNTY_OFFICE})
# May stand at a device, by where it is.
AT_DOORS = frozenset({Role.CHECKER, Role.VENUE_MANAGER})
IN_FIELD = frozenset({Role.GRID_WORKER, Role.VILLAGE})


class Kind(Choice):
    STAFF = "STAFF", "工作人员"
    DEVICE = "DEVICE", "门口设备"
    RESIDENT = "RESIDENT", "居民"
    SYSTEM = "SYSTEM", "系统"


@dataclass(frozen=True, slots=True)
class Scope:
    """One membership: what `role` may see.

    `division` is a prefix of division codes (see `prefix_of`); `sectors` are venue sectors, empty for all;
    `organisation` is set for roles that see their own organisation's rows only.
    """

    role: Role
    division: str
    sectors: frozenset[str] = frozenset()
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who asks. Every query and every action that reads or writes for somebody takes one.

    `key` names the account, device or person in the audit; `identity` is the human behind it: maker and checker
    must differ in it, whatever the account. `label` is a role as people say it, never a person's name.
    """

    kind: Kind
    key: str
    label: str
    identity: str
    scopes: tuple[Scope, ...] = field(default=())
    door: int | None = None  # the door a device is bound to
    shift_account: int | None = None  # who stands at the device this shift

    def has(self, *roles: Role) -> bool:
        return any(scope.role in roles for scope in self.scopes)

    def scopes_of(self, *roles: Role) -> tuple[Scope, ...]:
        return tuple(scope for scope in self.scopes if scope.role in roles)


def prefix_of(division: str) -> str:
    """The prefix under which all of a division's codes lie: 140428100000 → 140428100, 140428100001 → itself.

    A county code ends in six zeros, a township's in three (source: GB/T 2260, GB/T 10114).
    """
    if division.endswith("000000"):
        return division[:6]
    if division.endswith("000"):
        return division[:9]
    return division


def system(process: str) -> By:
    """A process of our own, seeing the whole county: for relays, timers and the demo."""
    return By(Kind.SYSTEM, process, process, f"system:{process}", (Scope(Role.COUNTY_OFFICE, ""),))


# --- the second wall ------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[0-9A-Za-z_.-]{0,20}")  # what an entry of `app.scope` may be made of


def scope_text(by: By | None) -> str:
    """What `by` may see, as `walls` reads it: "%", or entries like "d:140428|s:catering", or "" for nothing."""
    if by is None:
        return ""
    if by.kind is Kind.SYSTEM:
        return "%"
    entries = dict.fromkeys(entry for scope in by.scopes for entry in _entries(scope))
    return ",".join(entries)


def _entries(scope: Scope) -> list[str]:
    if scope.role in WITHOUT_DATA:
        return []
    if scope.role in OF_ORGANISATION:
        return [] if scope.organisation is None else [f"o:{scope.organisation}"]
    if not all(_PLAIN.fullmatch(part) for part in (scope.division, *scope.sectors)):
        raise ValueError(f"not a division or sector: {scope}")
    area = f"d:{scope.division}"
    return [f"{area}|s:{sector}" for sector in sorted(scope.sectors)] or [area]


# --- words ----------------------------------------------------------------------------------------------------------


class Verb(Choice):
    """What the audit calls the acts of this package."""

    OPEN = "accounts.open", "开账号"
    OPEN_AGAIN = "accounts.open_again", "重发链接，停用全部授权"
    CLOSE = "accounts.close", "停用账号"
    SETTLE_IN = "accounts.settle_in", "本人启用"
    SIGN_IN = "accounts.sign_in", "登录"
    SIGN_OUT = "accounts.sign_out", "退出登录"
    CHANGE_PASSWORD = "accounts.change_password", "改密码"
    SET_PIN = "accounts.set_pin", "设 PIN"
    ADD_ORGANISATION = "accounts.add_organisation", "添加单位"
    GRANT = "accounts.grant", "授权"
    END_GRANT = "accounts.end_grant", "停用授权"
    ADD_CHECKER = "accounts.add_checker", "添加值守人员"
    INVITE_DEVICE = "accounts.invite_device", "出设备二维码"
    ENROL_DEVICE = "accounts.enrol_device", "登记设备"
    REVOKE_DEVICE = "accounts.revoke_device", "停用设备"
    UNLOCK_DEVICE = "accounts.unlock_device", "打开设备"
    OPEN_SHIFT = "accounts.open_shift", "开班"
    END_SHIFT = "accounts.end_shift", "下班"


# --- sessions -------------------------------------------------------------------------------------------------------


class Ended(Choice):
    """Why a sign-in is over, for the person who comes back."""

    OVER = "OVER", "您已登录满 8 小时，请重新登录。"
    IDLE = "IDLE", "您有 15 分钟没有操作，已替您退出，请重新登录。"
    CLOSED = "CLOSED", "这个账号已停用，请联系系统管理员。"


def ended(*, signed_in_at: datetime, seen_at: datetime, at: datetime) -> Ended | None:
    """Why a sign-in is over at `at`; None while it stands."""
    if at >= signed_in_at + ABSOLUTE_SESSION:
        return Ended.OVER
    if at >= seen_at + IDLE_SESSION:
        return Ended.IDLE
    return None


def is_fresh(proved_at: datetime | None, at: datetime) -> bool:
    """Whether password and code were given lately enough for a sensitive act."""
    return proved_at is not None and at < proved_at + REAUTHENTICATION


# --- grants ---------------------------------------------------------------------------------------------------------


class Inseparable(Refusal):
    """A grant that would put two duties into one hand."""

    code = "DUTIES_APART"
    status = 422


class OrganisationKind(Choice):
    OFFICE = "OFFICE", "政府办公室"
    DEPARTMENT = "DEPARTMENT", "部门"
    VILLAGE = "VILLAGE", "村（社区）"
    VENUE = "VENUE", "经营场所"
    SCHOOL = "SCHOOL", "学校"
    ENTERPRISE = "ENTERPRISE", "企业"
    BANK = "BANK", "银行"


class BadGrant(Refusal):
    code = "BAD_GRANT"
    status = 422


@dataclass(frozen=True, slots=True)
class Grant:
    """What a membership gives: `division` is a prefix (see `prefix_of`), no sectors mean all."""

    role: Role
    division: str
    sectors: tuple[str, ...] = ()


def check_grant(grant: Grant, held: Iterable[Role]) -> None:
    """`held` are the roles of the same human, over all accounts. Raises: Inseparable, BadGrant."""
    if not all(_PLAIN.fullmatch(part) for part in (grant.division, *grant.sectors)):
        raise BadGrant("区划只能是数字代码，行业只能是代码")
    if not grant.division and grant.role not in WITHOUT_DATA:
        raise BadGrant("请填区划前缀：没有区划就看到全部")
    others = set(held) - {grant.role}
    if others and (grant.role in WITHOUT_DATA or others & WITHOUT_DATA):
        raise Inseparable("系统、安全、审计三员各自独立，不能与别的角色由同一人担任")


# --- devices --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Binding:
    """What a device is for: one door of an organisation, or with no door an area in the field."""

    label: str
    division: str
    door: int | None = None
    organisation: int | None = None


def may_invite(by: By, binding: Binding) -> bool:
    """A manager binds devices to the own organisation's doors, an office anything in its area."""
    return any(
        scope.organisation is not None and scope.organisation == binding.organisation
        if scope.role in OF_ORGANISATION
        else binding.division.startswith(scope.division)
        for scope in by.scopes_of(*INVITERS)
    )


class WeakPin(Refusal):
    code = "WEAK_PIN"
    status = 422


def check_pin(pin: str) -> None:
    """Raises: WeakPin."""
    shortest, longest = PIN_DIGITS
    if not (pin.isascii() and pin.isdigit() and shortest <= len(pin) <= longest):
        raise WeakPin("PIN 是 4 到 6 位数字")
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise WeakPin("PIN 太好猜：不要用相同或连续的数字")
