"""Changing places: every change that a door shows goes into the snapshot and the audit in the same transaction."""

from zhuanban.registry.places.actions.divisions import Loaded, load_divisions, set_outline
from zhuanban.registry.places.actions.posts import assign, end_post
from zhuanban.registry.places.actions.snapshot import bump_snapshot, bump_snapshot_many
from zhuanban.registry.places.actions.types import add_type, change_type, seed_types
from zhuanban.registry.places.actions.venues import (
    add_door,
    add_venue,
    change_venue,
    close_door,
    close_venue,
    open_door,
    resume_venue,
    suspend_venue,
)

__all__ = [
    "Loaded",
    "add_door",
    "add_type",
    "add_venue",
    "assign",
    "bump_snapshot",
    "bump_snapshot_many",
    "change_type",
    "change_venue",
    "close_door",
    "close_venue",
    "end_post",
    "load_divisions",
    "open_door",
    "resume_venue",
    "seed_types",
    "set_outline",
    "suspend_venue",
]
