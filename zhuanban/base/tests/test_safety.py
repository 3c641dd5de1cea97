"""Start-up refuses what is unsafe, and says what to do."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from zhuanban.base import ciphers, safety

UNSAFE: list[tuple[dict[str, object], str]] = [
    ({"DEBUG": True, "DEMO": False}, "DEBUG"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"HTTPS": False, "DEMO": False}, "HTTPS"),
    ({"ALLOWED_HOSTS": ["localhost"], "DEMO": False}, "ALLOWED_HOSTS"),
    ({"CIPHER": "ROT13"}, "CIPHER"),
    ({"RETENTION_DAYS": 29}, "RETENTION_DAYS"),
    ({"RETENTION_DAYS": 0}, "RETENTION_DAYS"),
]


@pytest.fixture
def safe(settings: LazySettings, tmp_path: Path) -> LazySettings:
    """A production that has nothing to complain of."""
    settings.KEYS = tmp_path
    settings.DEBUG, settings.DEMO, settings.HTTPS = False, False, True
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "x" * 60, ["code.example.gov.cn"]
    return settings


def test_a_safe_production_starts(safe: LazySettings) -> None:
    ciphers.make_all()

    assert list(safety.complaints()) == []
    safety.refuse_if_unsafe(database=False)


@pytest.mark.parametrize(("changed", "word"), UNSAFE)
def test_an_unsafe_setting_is_refused_by_name(safe: LazySettings, changed: dict[str, object], word: str) -> None:
    for name, value in changed.items():
        setattr(safe, name, value)

    with pytest.raises(SystemExit, match=word):
        safety.refuse_if_unsafe(database=False)


def test_a_key_that_others_can_read_is_refused_and_a_public_one_is_not(safe: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "shared.pub").write_bytes(b"x")
    (tmp_path / "shared.pub").chmod(0o644)
    assert list(safety.complaints()) == []

    (tmp_path / "people").write_bytes(b"x")
    (tmp_path / "people").chmod(0o640)

    with pytest.raises(SystemExit, match="chmod 600 people"):
        safety.refuse_if_unsafe(database=False)


def test_the_check_command_says_the_same(safe: LazySettings) -> None:
    safe.CIPHER = "ROT13"

    with pytest.raises(SystemCheckError, match="CIPHER"):
        call_command("check", deploy=True)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_that_may_lose_commits_is_refused(safe: LazySettings) -> None:
    """The tests' own cluster runs without fsync: exactly what production must not do."""
    if "owner" not in safe.DATABASES:
        pytest.skip("needs PostgreSQL: python -m tests.postgres pytest …")

    assert any("fsync" in sentence for sentence in safety.database_complaints())
    with pytest.raises(SystemExit, match="fsync"):
        safety.refuse_if_unsafe()


@pytest.mark.django_db
def test_sqlite_has_nothing_to_complain_of(safe: LazySettings) -> None:
    if "owner" not in safe.DATABASES:
        assert list(safety.database_complaints()) == []
