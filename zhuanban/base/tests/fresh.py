"""A database of its own for tests that must really commit: several processes at once, or another role.

On SQLite a file in a temporary directory; with DATABASE_URL a database beside the given one, dropped afterwards.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from zhuanban.base import ciphers

ROOT = Path(ciphers.__file__).resolve().parents[2]
PRELUDE = "import django; django.setup()\n"


@dataclass(frozen=True)
class Fresh:
    """`url` is empty on SQLite."""

    environment: dict[str, str]
    url: str

    def start(self, code: str) -> subprocess.Popen[str]:
        """A process of its own that runs `code` with Django set up."""
        words = [sys.executable, "-W", "error", "-c", PRELUDE + code]
        pipe = subprocess.PIPE
        return subprocess.Popen(words, cwd=ROOT, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, code: str) -> str:
        """What `code` printed. Raises: AssertionError with what it complained of."""
        process = self.start(code)
        out, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints
        return out.strip()


@contextmanager
def fresh_database(directory: Path, *, apps: tuple[str, ...]) -> Iterator[Fresh]:
    """Migrated in the order of `apps`."""
    given = os.getenv("DATABASE_URL", "")
    name = f"fresh_{secrets.token_hex(4)}"
    url = urlunsplit(urlsplit(given)._replace(path=f"/{name}")) if given else ""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhuanban.settings",
        "VAR_DIR": str(directory),
        "DATABASE_URL": url,
        "SECRET_KEY": "x" * 60,
    }
    made = Fresh(environment, url)
    with _place(given, name):
        database = "owner" if url else "default"
        made.run(
            "from django.core.management import call_command\n"
            f"for app in {apps!r}: call_command('migrate', app, database={database!r}, verbosity=0, skip_checks=True)"
        )
        yield made


@contextmanager
def _place(given: str, name: str) -> Iterator[None]:
    if not given:
        yield
        return
    with psycopg.connect(given, autocommit=True) as beside:
        beside.execute(f'CREATE DATABASE "{name}"')
        try:
            yield
        finally:
            beside.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
