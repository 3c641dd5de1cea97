"""The suite's own county: everything it writes goes into a temporary directory, and it runs on either database.

Without DATABASE_URL the tests run on SQLite in memory; with it on PostgreSQL, where the tables belong to the owner's
role and the tests, like the product, run as `zhuanban_app`: row-level security binds them too.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from zhuanban.base import ciphers

SANDBOX = Path(tempfile.mkdtemp(prefix="zhuanban-test-"))
atexit.register(shutil.rmtree, SANDBOX, ignore_errors=True)


# Machines are noisy: how long an example takes says nothing about the rule.
hypothesis.register_profile("county", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("county")


def pytest_configure() -> None:
    settings.VAR, settings.KEYS, settings.VISITS = SANDBOX, SANDBOX / "keys", SANDBOX / "visits"
    settings.MEDIA_ROOT, settings.STATIC_ROOT = SANDBOX / "media", SANDBOX / "static"
    settings.KEEPER_SOCKET, settings.GATE_URL = str(SANDBOX / "keeper.sock"), f"unix:{SANDBOX / 'gate.sock'}"
    settings.SECRET_KEY = "a secret of the tests, long enough to pass: 0123456789 abcdefghijklm"
    settings.SECURE_SSL_REDIRECT = False
    settings.ALLOWED_HOSTS = ["code.example.gov.cn", "testserver", "localhost", "127.0.0.1"]
    ciphers.make_all()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The test database; on PostgreSQL made and migrated by the owner, used by the application's role."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if "owner" not in settings.DATABASES:
            made = setup_databases(verbosity=0, interactive=False)
            yield
            teardown_databases(made, verbosity=0)
            return
        owner, default = connections["owner"], connections["default"]
        name = f"test_zhuanban_{os.getenv('PYTEST_XDIST_WORKER', 'main')}"
        owner.settings_dict["TEST"]["NAME"] = name
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        default.settings_dict["NAME"] = name
        _let_tests_truncate()
        yield
        connections.close_all()
        owner.creation.destroy_test_db("zhuanban", verbosity=0)


def _let_tests_truncate() -> None:
    """Transactional tests empty the tables; the product's role may not."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {settings.APP_ROLE}")


@pytest.fixture(autouse=True)
def as_our_own_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """On PostgreSQL a test prepares its rows as a process of ours does; a page sets its own scope on top."""
    wants_rows = {"db", "transactional_db", "django_db_reset_sequences"} & set(request.fixturenames)
    if "owner" not in settings.DATABASES or not (wants_rows or request.node.get_closest_marker("django_db")):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    from zhuanban.base.accounts import actions as accounts  # noqa: PLC0415  (models need the settings above)

    with accounts.system_scope():
        yield


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory for unix sockets, whose whole path may have 107 characters."""
    with tempfile.TemporaryDirectory(prefix="zb-") as folder:
        yield Path(folder)
