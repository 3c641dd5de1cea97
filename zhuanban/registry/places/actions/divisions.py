"""Taking in a county's divisions and its outline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.registry.places.models import Division, Outline
from zhuanban.registry.places.rules import (
    BadDivisions,
    DivisionRow,
    check_divisions,
    display_name,
    level_of,
)

BATCH = 500  # rows a statement


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows came in, how many of them were new or different, and how many held ones the file leaves out."""

    rows: int
    changed: int
    left_out: int


@transaction.atomic
def load_divisions(*, by: By, rows: Sequence[DivisionRow], at: datetime) -> Loaded:
    """All rows or none. Held divisions that the file leaves out stay: venues may lie in them.

    Raises: BadDivisions, with every row that is wrong.
    """
    held = {division.code: division for division in Division.objects.all()}
    if errors := check_divisions(rows, known={code: division.level for code, division in held.items()}):
        raise BadDivisions(errors)
    found = [_division(row, held.get(row.code)) for row in rows]
    changed = [division for division in found if _differs(division, held.get(division.code))]
    if changed:
        Division.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "display", "level", "parent", "lon", "lat"],
        )
        detail = {"rows": len(rows), "changed": len(changed)}
        audit.record(by=by, verb="places.load_divisions", at=at, target="divisions", detail=detail)
    return Loaded(len(rows), len(changed), len(held.keys() - {row.code for row in rows}))


def _division(row: DivisionRow, old: Division | None) -> Division:
    """A file without points leaves the points that are held."""
    lon, lat = (row.lon, row.lat) if row.lon is not None or old is None else (old.lon, old.lat)
    return Division(
        code=row.code,
        name=row.name,
        display=display_name(row.name),
        level=level_of(row.code, row.level),
        parent_id=row.parent or None,
        lon=lon,
        lat=lat,
    )


def _differs(new: Division, old: Division | None) -> bool:
    fields = ("name", "display", "level", "parent_id", "lon", "lat")
    return old is None or any(getattr(new, field) != getattr(old, field) for field in fields)


@transaction.atomic
def set_outline(*, by: By, county: str, geometry: dict[str, Any], source: str, at: datetime) -> Outline:
    """The outline that maps draw for `county` (six digits)."""
    held = Outline.objects.filter(county=county).first()
    if held and (held.geometry, held.source) == (geometry, source):
        return held
    outline = Outline(county=county, geometry=geometry, source=source)
    outline.save()
    audit.record(by=by, verb="places.set_outline", at=at, target=f"outline:{county}", detail={"source": source})
    return outline
