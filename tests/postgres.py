"""Run a command against a throw-away PostgreSQL: `python -m tests.postgres pytest …`.

A cluster of its own by `initdb`, on a socket in a temporary directory, not as root, gone afterwards. The tables'
owner is no superuser, and the application's role is not the owner: as in production, so that row-level security is
what the tests meet. Without PostgreSQL on the machine the line is loud; where `CI` is set it is a failure.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROLES = """
CREATE ROLE zhuanban_app NOLOGIN;
CREATE ROLE zhuanban LOGIN CREATEDB CREATEROLE;
GRANT zhuanban_app TO zhuanban;
CREATE DATABASE zhuanban OWNER zhuanban;
"""


def main(command: list[str]) -> int:
    binaries = _binaries()
    if binaries is None:
        print("!! PostgreSQL 15+ was not found: its tests DID NOT RUN (install postgresql)", file=sys.stderr)
        return 1 if os.getenv("CI") else 0
    home = Path(tempfile.mkdtemp(prefix="zhuanban-pg-"))
    as_user = _unprivileged(home)
    try:
        _run([binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "--no-sync"], as_user)
        options = f"-k {home} -h '' -c fsync=off -c full_page_writes=off -c max_connections=200"
        _run([binaries / "pg_ctl", "-D", home / "data", "-o", options, "-l", home / "log", "-w", "start"], as_user)
        _run([binaries / "psql", "-h", home, "-U", "postgres", "-q", "-d", "postgres", "-c", "select 1"], as_user)
        for statement in filter(None, ROLES.strip().split("\n")):
            _run([binaries / "psql", "-h", home, "-U", "postgres", "-q", "-d", "postgres", "-c", statement], as_user)
        url = f"postgresql://zhuanban@/zhuanban?host={home}"
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    finally:
        _run([binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop"], as_user)
        shutil.rmtree(home, ignore_errors=True)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _unprivileged(home: Path) -> list[str]:
    """PostgreSQL refuses root: step down to an account without rights where we are root."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(home, account.pw_uid, account.pw_gid)
        home.chmod(0o755)
        return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return []


def _run(words: list[str | Path], as_user: list[str]) -> None:
    subprocess.run([*as_user, *map(str, words)], check=True, stdout=subprocess.DEVNULL, cwd="/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
