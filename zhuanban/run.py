"""`make run`: gate, desk, keeper and worker behind one address, each in a process of its own.

In production systemd starts the same four under their own users and the TLS proxy routes (deploy/); here the gate's
process also passes what is not a scan on to the desk (front.py), which is the simplest thing that keeps them apart.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuanban.settings")

from django.conf import settings

PORT = os.getenv("PORT", "8000")
RESTART_AFTER = 1.0  # seconds, doubled up to 30 while it keeps crashing
GRACE = 8.0  # seconds that a process gets to end by itself
CRASHED_SOON = 10.0  # seconds; who lives longer is started again without a growing pause
BROKEN = 500  # from here on HTTP says that the server is at fault


@dataclass(slots=True)
class Part:
    """One of the four: its command, the running process, and when to start it again."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = RESTART_AFTER
    start_at: float = 0.0
    started_at: float = 0.0


def main() -> int:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    _prepare()
    parts = _parts()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _start_due(parts)
        _wait_until_open()
        _greet()
        while True:
            _start_due(parts)
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\n正在停止…")
    finally:
        _stop(parts)
    return 0


def _manage(*words: str) -> None:
    done = subprocess.run([sys.executable, str(settings.ROOT / "manage.py"), *words], check=False)
    if done.returncode:
        sys.exit(f"没有启动：manage.py {' '.join(words)} 失败，请看上面的说明。")


def _prepare() -> None:
    """Keys, tables, static files, and the demo county when the database is empty."""
    _manage("make_keys")
    _manage("migrate", "-v0", *(["--database", "owner"] if "owner" in settings.DATABASES else []))
    _manage("collectstatic", "--noinput", "-v0")
    if settings.DEMO:
        _manage("demo", "--if-empty")


def _parts() -> list[Part]:
    desk, keeper = str(settings.VAR / "desk.sock"), settings.KEEPER_SOCKET
    os.environ["DESK_SOCKET"] = desk
    os.environ.setdefault("GATE_URL", f"http://127.0.0.1:{PORT}")
    for left_over in (desk, keeper):
        Path(left_over).unlink(missing_ok=True)
    serve = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--log-level", "warning"]
    static = ["--static-path-route", "/static", "--static-path-mount", str(settings.STATIC_ROOT)]
    feed = [Part("feed", [sys.executable, str(settings.ROOT / "manage.py"), "demo_feed"])] if settings.DEMO else []
    return [
        Part("gate", [*serve, "--host", "127.0.0.1", "--port", PORT, "zhuanban.front:application"]),
        Part("desk", [*serve, "--uds", desk, *static, "zhuanban.asgi:application"]),
        Part("keeper", [*serve, "--uds", keeper, "zhuanban.trail.tracing.asgi:application"]),
        Part("worker", [sys.executable, str(settings.ROOT / "manage.py"), "worker"]),
        *feed,  # the demo's stand-in for the platform that issues colours
    ]


def _start_due(parts: list[Part]) -> None:
    now = time.monotonic()
    for part in parts:
        if part.process is not None and part.process.poll() is not None:
            crashed_soon = now - part.started_at < CRASHED_SOON
            part.pause = min(part.pause * 2, 30) if crashed_soon else RESTART_AFTER
            print(f"!! {part.name} 退出了（{part.process.returncode}），{part.pause:.0f} 秒后重新启动", flush=True)
            part.process, part.start_at = None, now + part.pause
        if part.process is None and now >= part.start_at:
            part.process = subprocess.Popen(part.command, start_new_session=True)
            part.started_at = now


def _wait_until_open() -> None:
    """Until the gate and the desk answer; 30 s at most, since a crash loop says so itself."""
    import http.client  # noqa: PLC0415  (only here)

    for path in ("/s/health", "/"):
        for _ in range(150):
            connection = http.client.HTTPConnection("127.0.0.1", int(PORT), timeout=5)
            try:
                connection.request("GET", path)
                if connection.getresponse().status < BROKEN:
                    break
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.2)


def _greet() -> None:
    print(f"\n  专班 · {settings.COUNTY_NAME}   http://127.0.0.1:{PORT}\n")
    if not settings.DEMO:
        return
    shown = subprocess.run(
        [sys.executable, str(settings.ROOT / "manage.py"), "demo", "--json"], check=False, capture_output=True
    )
    if shown.returncode:
        return
    told = json.loads(shown.stdout)
    shown_roles = {login["role"]: login for login in reversed(told["logins"])}  # the first of each role
    for login in reversed(shown_roles.values()):
        print(f"  {login['label']:　<16} {login['username']:<14} {login['password']}  （验证码在登录页上）")
    print("  其余乡镇和村的账号见 manage.py demo --json\n")
    for resident in told["residents"][:2]:
        print(f"  居民 {resident['phone']}（验证码显示在页面上）")
    for door in told["doors"][:3]:
        print(f"  扫码 {door['url']}  {door['name']}")
    print("\n  Ctrl-C 结束全部\n", flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _stop(parts: list[Part]) -> None:
    running = [part.process for part in parts if part.process is not None and part.process.poll() is None]
    for process in running:
        os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + GRACE
    for process in running:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
