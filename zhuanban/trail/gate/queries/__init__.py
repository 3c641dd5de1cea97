"""What the faces ask the gate: who has just come in, who was entered where, one's own visits of today."""

from zhuanban.trail.gate.queries.arrivals import Arrival, OwnVisit
from zhuanban.trail.gate.queries.client import Result, enter, own_today, recent

__all__ = ["Arrival", "OwnVisit", "Result", "enter", "own_today", "recent"]
