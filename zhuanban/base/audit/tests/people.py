"""Askers of the tests: the audit stands below accounts, and knows an asker only by these three."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    kind: str
    key: str
    label: str


OFFICER = Somebody("STAFF", "7", "鲍店镇专班 值班员")
WORKER = Somebody("SYSTEM", "worker", "worker")
