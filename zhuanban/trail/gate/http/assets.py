"""The page's script and style: named by their content, kept by the phone for a year, sent small."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "gate"
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
HASH_CHARS = 16


@dataclass(frozen=True, slots=True)
class Asset:
    path: str  # /s/-/<hash>.css
    kind: str
    plain: bytes
    packed: bytes  # gzip


@cache
def assets() -> dict[str, Asset]:
    """By file name: what stands in static/gate/."""
    return {file.name: _asset(file) for file in sorted(FOLDER.iterdir()) if file.suffix[1:] in TYPES}


def path_of(name: str) -> str:
    return assets()[name].path


@cache
def by_path() -> dict[str, Asset]:
    return {asset.path: asset for asset in assets().values()}


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    mark = hashlib.sha256(content).hexdigest()[:HASH_CHARS]
    kind = file.suffix[1:]
    return Asset(f"/s/-/{mark}.{kind}", TYPES[kind], content, gzip.compress(content, 9, mtime=0))
