"""What may be left on a disk when the power goes: the recorded operations up to a point, with everything that was not
yet synced kept, dropped or torn at will.

* A write that was not synced survives sector by sector (512 bytes), in any subset, as if the disk reordered freely.
* A truncation, a new name, a renaming or a removal that was not synced happened or did not, each by itself.
* A failed sync leaves its writes to be forgotten for good: the next successful sync does not bring them back.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.recorder import Event

SECTOR = 512  # bytes
SURVIVAL = (0.0, 0.05, 0.5, 0.95, 1.0)  # of an unsynced sector; one for each file and cut


@dataclass
class _Inode:
    on_disk: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # (offset, bytes), or (size, None) for a cut

    def sync(self) -> None:
        for place, data in self.pending:
            _apply(self.on_disk, place, data)
        self.pending.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        left, survival = bytearray(self.on_disk), chance.choice(SURVIVAL)
        for place, data in self.pending:
            if data is None:
                if chance.random() < survival:
                    _apply(left, place, None)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < survival:
                    _apply(left, place + start, data[start : start + SECTOR])
        return bytes(left)


def _apply(content: bytearray, place: int, data: bytes | None) -> None:
    if data is None:
        content[place:] = bytes(max(0, place - len(content)))
        return
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(data)] = data


class Disk:
    """A disk to which recorded events happen, until the power goes."""

    def __init__(self) -> None:
        self.names: dict[str, _Inode] = {}
        self.names_on_disk: dict[str, _Inode] = {}
        self.folders: set[str] = {"."}
        self.folders_on_disk: set[str] = {"."}

    def happen(self, event: Event) -> None:
        verb, name, *rest = event
        if verb == "make":
            self.names[name] = _Inode()
        elif verb == "folder":
            self.folders.add(name)
        elif verb in {"write", "cut"}:
            self.names[name].pending.append((rest[0], rest[1] if verb == "write" else None))
        elif verb == "sync":
            self.names[name].sync()
        elif verb == "lost":
            self.names[name].pending.clear()
        elif verb == "names":
            self._sync_names(name)
        else:
            self._rename(verb, name, rest)

    def _rename(self, verb: str, name: str, rest: list[str]) -> None:
        if verb in {"link", "move"}:
            self.names[rest[0]] = self.names[name]
        if verb in {"remove", "move"}:
            del self.names[name]

    def _sync_names(self, folder: str) -> None:
        self.folders_on_disk |= {one for one in self.folders if _parent(one) == folder}
        gone = [name for name in self.names_on_disk if _parent(name) == folder and name not in self.names]
        for name in gone:
            del self.names_on_disk[name]
        self.names_on_disk |= {name: inode for name, inode in self.names.items() if _parent(name) == folder}

    def cut_power(self, chance: random.Random, folder: Path) -> None:
        """Lay down in `folder` what the next start finds."""
        folders = {one for one in self.folders if one in self.folders_on_disk or chance.random() < 0.5}
        found: dict[str, _Inode] = {}
        for name in {**self.names_on_disk, **self.names}:
            before, after = self.names_on_disk.get(name), self.names.get(name)
            inode = before if before is after or chance.random() < 0.5 else after
            if inode is not None and _is_reachable(name, folders):
                found[name] = inode
        contents = {id(inode): inode.after_cut(chance) for inode in found.values()}
        for one in sorted(folders):
            if _is_reachable(one, folders):
                (folder / one).mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, inode in found.items():
            (folder / name).touch(mode=0o600)
            (folder / name).write_bytes(contents[id(inode)])


def _parent(name: str) -> str:
    return str(Path(name).parent)


def _is_reachable(name: str, folders: set[str]) -> bool:
    return all(str(parent) in folders for parent in Path(name).parents)
