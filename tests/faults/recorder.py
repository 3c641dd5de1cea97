"""Records what a process asks of its disk, so that a power cut can be replayed at any point of it (see replayer.py).

Two layers, no compiler: SQLite's own file operations pass through a VFS of ours that sits on top of its "unix" VFS;
our own code's (keys, directories, the log written again) pass through wrappers of the `os` functions that it calls.
Everything is really done; the recorder only takes notes, and makes chosen syncs fail.

What the VFS does not show is taken from os_unix.c, and was compared with a preloaded recorder of fsync and fdatasync:
the first sync of a log or journal that was opened for creation also syncs its directory; `xDelete` does when told to.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

Event = tuple[Any, ...]
"""("make", file) · ("folder", path) · ("write", file, offset, bytes) · ("cut", file, size) · ("sync", file)
("lost", file): a sync failed, and the kernel forgot what was to be synced · ("names", folder): a directory was synced
("remove", file) · ("link", old, new) · ("move", old, new) · ("acknowledged", …): what was promised up to here"""

NEW_LOG = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL


@dataclass
class Recorder:
    """Notes of everything below `root`; a file is named by its path from there."""

    root: Path
    sync_fails: Callable[[str], bool] = field(default=lambda name: False)
    events: list[Event] = field(default_factory=list)

    def note(self, *event: Any) -> None:
        self.events.append(event)

    def name(self, path: object) -> str | None:
        """The path from the root; None for what lies elsewhere."""
        text = os.path.abspath(os.fspath(path))  # type: ignore[call-overload]  # noqa: PTH100
        return os.path.relpath(text, self.root) if text.startswith(f"{self.root}/") or text == str(self.root) else None

    def begin(self) -> None:
        """From now on, for the rest of this process."""
        self.vfs = _Vfs(self)
        _Os(self).take_over()


class _Vfs(apsw.VFS):
    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        super().__init__("recorder", "unix", makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        known = self.recorder.name(path) if path else None
        is_new = known is not None and not Path(path).exists()
        file = _File(self.recorder, known, name, flags)
        if is_new:
            self.recorder.note("make", known)
        return file

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        self.recorder.note("remove", self.recorder.name(name))
        if syncdir:
            self.recorder.note("names", self.recorder.name(Path(name).parent))


class _File(apsw.VFSFile):
    def __init__(self, recorder: Recorder, known: str | None, name: Any, flags: list[int]) -> None:
        self.recorder, self.known = recorder, known
        self.syncs_names = bool(flags[0] & NEW_LOG and flags[0] & apsw.SQLITE_OPEN_CREATE)
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self.recorder.note("write", self.known, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self.recorder.note("cut", self.known, newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self.known is not None and self.recorder.sync_fails(self.known):
            self.recorder.note("lost", self.known)
            raise apsw.IOError("injected EIO")
        super().xSync(flags)
        self.recorder.note("sync", self.known)
        if self.syncs_names and self.known is not None:
            self.recorder.note("names", str(Path(self.known).parent))
            self.syncs_names = False


class _Os:
    """The calls that zhuanban's own durable writes are made of, in place of those of `os`."""

    NAMES = ("open", "close", "write", "pwrite", "fsync", "mkdir", "unlink", "link", "rename", "replace")

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.names: dict[int, str] = {}  # of open files
        self.real = {name: getattr(os, name) for name in self.NAMES}

    def take_over(self) -> None:
        for name in self.NAMES:
            setattr(os, name, getattr(self, name))

    def open(self, path: Any, flags: int, *rest: Any, **named: Any) -> int:
        known = self.recorder.name(path)
        is_new = known is not None and flags & os.O_CREAT and not Path(path).exists()
        handle: int = self.real["open"](path, flags, *rest, **named)
        if known is not None:
            self.names[handle] = known
        if is_new:
            self.recorder.note("make", known)
        return handle

    def close(self, handle: int) -> None:
        self.names.pop(handle, None)
        self.real["close"](handle)

    def write(self, handle: int, data: bytes) -> int:
        if handle in self.names:
            offset = os.lseek(handle, 0, os.SEEK_CUR)
            self.recorder.note("write", self.names[handle], offset, bytes(data))
        return int(self.real["write"](handle, data))

    def pwrite(self, handle: int, data: bytes, offset: int) -> int:
        if handle in self.names:
            self.recorder.note("write", self.names[handle], offset, bytes(data))
        return int(self.real["pwrite"](handle, data, offset))

    def fsync(self, handle: int) -> None:
        self.real["fsync"](handle)
        if known := self.names.get(handle):
            self.recorder.note("names" if (self.recorder.root / known).is_dir() else "sync", known)

    def mkdir(self, path: Any, *rest: Any, **named: Any) -> None:
        self.real["mkdir"](path, *rest, **named)
        self.recorder.note("folder", self.recorder.name(path))

    def unlink(self, path: Any, **named: Any) -> None:
        self.real["unlink"](path, **named)
        self.recorder.note("remove", self.recorder.name(path))

    def link(self, old: Any, new: Any, **named: Any) -> None:
        self.real["link"](old, new, **named)
        self.recorder.note("link", self.recorder.name(old), self.recorder.name(new))

    def rename(self, old: Any, new: Any, **named: Any) -> None:
        self.real["rename"](old, new, **named)
        self.recorder.note("move", self.recorder.name(old), self.recorder.name(new))

    replace = rename
