"""What every new fact does besides: its row in the audit, and word to the gates."""

from datetime import datetime

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.registry.places import actions as places
from zhuanban.trail.status.models import Fact


def announce(fact: Fact, *, by: By, verb: str, at: datetime) -> None:
    """Call it last in the caller's transaction."""
    person = fact.person_id.hex
    detail = {"source": fact.source, "issuer": fact.issuer, "evidence": fact.evidence}
    audit.record(by=by, verb=verb, at=at, subject=person, target=f"fact:{fact.pk}", reason=fact.reason, detail=detail)
    places.bump_snapshot(kind="person", key=person, at=at)
