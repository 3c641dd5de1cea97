"""Reading the journal from any process: read-only, one day at a time, and never waiting for the writer.

with queries.read(settings.VISITS, day) as visits:
    visits.at_door(door, since=at)
"""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import apsw

from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import models, rules
from zhuanban.trail.visits.rules import Visit

DAY_FILES = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].db"
LIMIT = 50  # rows of a live list
OUTBOX_LIMIT = 500  # blobs read at once


@dataclass(frozen=True, slots=True)
class Reader:
    """One day's file, open for the length of a `with`."""

    day: date
    connection: apsw.Connection

    def of_who(self, whos: Iterable[bytes]) -> list[Visit]:
        """Every visit of these pseudonyms, oldest first."""
        if not (wanted := tuple(whos)):
            return []
        return self._visits(f"{models.IN_ANY_BLOCK} AND who IN carray(?) ORDER BY at, n", apsw.carray(wanted))

    def of_id(self, random: bytes) -> list[Visit]:
        """The people of one arrival, in the order in which they were sent."""
        return self._visits("id = ? ORDER BY nth", random)

    def at_door(self, door: int, *, since: datetime | None = None, limit: int = LIMIT) -> list[Visit]:
        """The last visits at a door, newest first, none from before `since`."""
        condition = f"{models.IN_ANY_BLOCK} AND door = ? AND at >= ? ORDER BY at DESC, n DESC LIMIT ?"
        return self._visits(condition, door, rules.to_ms(since) if since else 0, limit)

    def count(self) -> int:
        """People written down this day."""
        return int(self.connection.execute("SELECT count(*) FROM visit").get)

    def count_by_door(self, doors: Iterable[int] | None = None) -> dict[int, int]:
        """People written down at each door, at all doors or at these; a door without any is missing."""
        return self._count("door", doors)

    def count_by_colour(self, doors: Iterable[int] | None = None) -> dict[Colour, int]:
        """People written down with each colour, at all doors or at these; every colour is there."""
        found = self._count("colour", doors)
        return {colour: found.get(number, 0) for colour, number in models.COLOUR.items()}

    def outbox(self, after: int = 0, *, limit: int = OUTBOX_LIMIT) -> list[tuple[int, bytes]]:
        """(number, blob) of what was committed with visits and must be passed on, behind the cursor `after`."""
        text = "SELECT number, blob FROM outbox WHERE number > ? ORDER BY number LIMIT ?"
        return list(self.connection.execute(text, (after, limit)))

    def _visits(self, condition: str, *bound: Any) -> list[Visit]:
        text = f"SELECT {models.COLUMNS} FROM visit WHERE {condition}"  # noqa: S608 - no outside text
        return [models.visit(self.day, row) for row in self.connection.execute(text, bound)]

    def _count(self, column: str, doors: Iterable[int] | None) -> dict[int, int]:
        if doors is None:
            return dict(self.connection.execute(f"SELECT {column}, count(*) FROM visit GROUP BY 1"))  # noqa: S608
        if not (wanted := array("q", sorted(set(doors)))):
            return {}
        text = f"SELECT {column}, count(*) FROM visit WHERE {models.IN_ANY_BLOCK} AND door IN carray(?) GROUP BY 1"  # noqa: S608
        return dict(self.connection.execute(text, (apsw.carray(wanted),)))


@contextmanager
def read(folder: Path, day: date) -> Iterator[Reader]:
    """The visits of a day; none when there is no file of it."""
    connection = models.open_reader(models.path_of(folder, day))
    try:
        yield Reader(day, connection)
    finally:
        connection.close()


def days(folder: Path) -> list[date]:
    """The days that have a file, oldest first."""
    return sorted(date.fromisoformat(path.stem) for path in folder.glob(DAY_FILES))
