"""How much of it: small in CI, in full with ZHUANBAN_FULL=1 (`make faults`). The numbers are docs/promises.md's."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # where a test only needs to know what was asked of the disk, not to wait for it

FULL = os.getenv("ZHUANBAN_FULL") == "1"
KILLS = 300 if FULL else 50
POWER_CUTS = 5_000 if FULL else 200
CHECK_INS = 10_000 if FULL else 1_000


@contextmanager
def quick_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)
