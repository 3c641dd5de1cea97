"""The county's offices and the people who sign in for them: roles, never names."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhuanban.base.accounts.rules import Role
from zhuanban.demo import words

PIN = "2580"  # of every demo checker
COUNTY = "140428"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation of the demo."""

    key: str
    name: str
    kind: str
    division: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """An account: who it is, what it may do, how far it sees."""

    username: str
    label: str
    unit: str
    role: Role
    division: str
    sectors: tuple[str, ...] = ()


def units(townships: list[tuple[str, str]]) -> Iterator[Unit]:
    """`townships` are (code, name) in order of their codes."""
    whole = f"{COUNTY}000000"
    yield Unit("county", "县专班办公室", "OFFICE", whole, words.office_phone(1))
    yield Unit("health", "县卫健局", "DEPARTMENT", whole, words.office_phone(2))
    yield Unit("cdc", "县疾控中心", "DEPARTMENT", whole, words.office_phone(3))
    yield Unit("market", "县市场监管局", "DEPARTMENT", whole, words.office_phone(4))
    yield Unit("education", "县教育局", "DEPARTMENT", whole, words.office_phone(5))
    yield Unit("system", "县信息中心", "DEPARTMENT", whole, words.office_phone(6))
    yield Unit("audit", "县审计局", "DEPARTMENT", whole, words.office_phone(7))
    for number, (code, name) in enumerate(townships, start=1):
        yield Unit(code, f"{name}专班值班室", "OFFICE", code, words.office_phone(1000 + number))


def seats(townships: list[tuple[str, str]], villages: list[tuple[str, str]]) -> Iterator[Seat]:
    """One account for each seat; `villages` are the two that have somebody of their own in the demo."""
    yield Seat("county", "县专班办公室 办公室员", "county", Role.COUNTY_OFFICE, COUNTY)
    yield Seat("duty", "县专班办公室 值班员", "county", Role.COUNTY_DUTY, COUNTY)
    yield Seat("health1", "县卫健局 核定员甲", "health", Role.HEALTH_OFFICER, COUNTY)
    yield Seat("health2", "县卫健局 核定员乙", "health", Role.HEALTH_OFFICER, COUNTY)
    yield Seat("cdc", "县疾控中心 流调员", "cdc", Role.EPIDEMIOLOGIST, COUNTY)
    yield Seat("market", "县市场监管局 科员", "market", Role.INDUSTRY, COUNTY, ("market", "commerce"))
    yield Seat("education", "县教育局 科员", "education", Role.INDUSTRY, COUNTY, ("education",))
    yield Seat("system", "县信息中心 系统管理员", "system", Role.SYSTEM_ADMIN, COUNTY)
    yield Seat("security", "县信息中心 安全管理员", "system", Role.SECURITY_ADMIN, COUNTY)
    yield Seat("auditor", "县审计局 审计员", "audit", Role.AUDITOR, COUNTY)
    for code, name in townships:
        short = code[6:9]
        yield Seat(f"office{short}", f"{name}专班 专班员", code, Role.TOWNSHIP_OFFICE, code[:9])
        yield Seat(f"duty{short}", f"{name}专班 值班员", code, Role.TOWNSHIP_DUTY, code[:9])
    for code, name in villages:
        yield Seat(f"village{code[6:]}", f"{name} 村干部", f"{code[:9]}000", Role.VILLAGE, code)
        yield Seat(f"grid{code[6:]}", f"{name} 网格员", f"{code[:9]}000", Role.GRID_WORKER, code)
