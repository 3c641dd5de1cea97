"""Key files, and how a file, its name and its directory come to be on disk. Not a Django table."""

import contextlib
import os
import secrets
import stat
from datetime import date
from hashlib import sha256
from pathlib import Path

from zhuanban.base import ciphers
from zhuanban.base.ciphers import UnsafeKey

GATE, HANDOVER, KEEPER = "gate", "handover", "keeper"  # directories under settings.KEYS
DAY_CHARS = 10  # 2026-11-23


def day_of(path: Path) -> date:
    """The day that a key file's name begins with."""
    return date.fromisoformat(path.name[:DAY_CHARS])


def days(folder: Path) -> list[date]:
    """The days of which there is a key, oldest first."""
    return sorted({day_of(path) for path in folder.glob("[0-9]*.key")})


def left_over(folder: Path) -> list[Path]:
    """Drafts and half-erased keys that a crash left behind; their names begin with a dot."""
    return sorted(folder.glob(".[0-9]*"))


def all_of(folder: Path, day: date) -> list[Path]:
    """Everything of a day, left-overs too."""
    return sorted(folder.glob(f"*{day}.*"))


def fingerprint(key: bytes) -> str:
    return sha256(key).hexdigest()[:8]


def read(path: Path) -> bytes:
    """Raises: UnsafeKey."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeKey(f"密钥文件 {path} 可被其他用户读写：请运行 chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != ciphers.KEY_SIZE:
        raise UnsafeKey(f"密钥文件 {path} 不是 {ciphers.KEY_SIZE} 字节：它坏了，这一天的记录可能读不出来")
    return key


def place(path: Path, content: bytes) -> None:
    """Put a whole file there, readable by its owner only, and wait until it and its name are on disk.

    A file that is already there stays: nobody's key is ever overwritten.
    """
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        os.close(handle)
        draft.unlink()
    sync_folder(path.parent)


def erase(path: Path) -> None:
    """Overwrite a key, then remove it. On a disk that writes elsewhere the first is only a courtesy.

    The name goes first, so that zeros are never read as a key.
    """
    doomed = path.rename(path.with_name(f".{path.name.lstrip('.')}.erased"))
    handle = os.open(doomed, os.O_WRONLY)
    try:
        os.write(handle, bytes(doomed.stat().st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    remove(doomed)


def remove(path: Path) -> None:
    path.unlink()
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a directory that only its owner may enter, unless it is there; its name is then on disk."""
    if folder.exists():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a directory are on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
