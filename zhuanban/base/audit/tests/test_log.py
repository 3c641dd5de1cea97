"""The log in the database: written in its transaction, refused to be changed, verified by the command."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from zhuanban.base.audit import actions, queries
from zhuanban.base.audit.models import Entry, Root
from zhuanban.base.audit.rules import Break, Head
from zhuanban.base.audit.tests.people import OFFICER, WORKER
from zhuanban.base.spans import COUNTY_TIME

AT = datetime(2026, 11, 23, 10, 24, 30, 123456, tzinfo=COUNTY_TIME)
PERSON = "00112233445566778899aabbccddeeff"
pytestmark = pytest.mark.django_db


def write(number: int) -> list[Entry]:
    made = []
    for nth in range(number):
        detail = {"n": nth, "words": ["王", None, True]}
        made.append(actions.record(by=WORKER, verb="alerts.open", at=AT, target=f"alert:{nth}", detail=detail))
    return made


def edit(sql: str) -> None:
    """As somebody would who owns the tables: take the triggers away, change, put nothing back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS audit_entry_no_UPDATE")
            cursor.execute("DROP TRIGGER IF EXISTS audit_entry_no_DELETE")
        else:
            cursor.execute("SET ROLE NONE")
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(sql)


def test_rows_are_numbered_without_gaps_and_chained() -> None:
    first, second = write(2)

    assert (first.seq, second.seq) == (1, 2)
    assert second.previous == first.hash
    assert queries.first_break() is None


def test_a_row_that_was_rolled_back_leaves_no_gap() -> None:
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)

    write(1)

    assert list(Entry.objects.values_list("seq", flat=True)) == [1]
    assert queries.first_break() is None


def test_a_long_reason_and_label_are_cut_rather_than_lost() -> None:
    actions.record(by=OFFICER, verb="x", at=AT, reason="因" * 500)

    assert len(Entry.objects.get().reason) == 200
    assert queries.first_break() is None


@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_a_row(sql: str) -> None:
    write(1)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert queries.first_break() is None and Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE audit_entry SET reason = '别的' WHERE seq = 2", 2),
        ("UPDATE audit_entry SET detail = '{}' WHERE seq = 3", 3),
        ("UPDATE audit_entry SET is_look = NOT is_look WHERE seq = 1", 1),
        ("DELETE FROM audit_entry WHERE seq = 2", 3),
        ("UPDATE audit_entry SET seq = 9 WHERE seq = 4", 9),
    ],
)
def test_the_command_names_the_first_row_that_was_changed_behind_the_triggers(sql: str, seq: int) -> None:
    write(4)

    edit(sql)

    with pytest.raises(CommandError, match=f"第 {seq} 条断了") as refused:
        call_command("verify_audit")
    assert refused.value.returncode == 1


def test_a_log_cut_off_is_whole_to_itself_and_broken_against_a_root() -> None:
    write(4)
    actions.publish_root(at=AT)

    edit("DELETE FROM audit_entry WHERE seq > 2")

    assert queries.first_break() == Break(3, "公布时有 4 条，现在只有 2 条")


def test_a_root_kept_elsewhere_catches_who_rewrote_our_roots_too(tmp_path: Path) -> None:
    write(2)
    kept, out = tmp_path / "roots.jsonl", StringIO()
    call_command("audit_roots", "--publish", stdout=out)
    kept.write_text(out.getvalue() + "\n")
    call_command("verify_audit", "--roots", kept, stdout=StringIO())

    said = json.loads(out.getvalue())
    kept.write_text(json.dumps({**said, "hash": "f" * 64}))

    with pytest.raises(CommandError, match="第 2 条"):
        call_command("verify_audit", "--roots", kept)
    assert queries.first_break([Head(5, "e" * 64)]) == Break(3, "公布时有 5 条，现在只有 2 条")


def test_the_command_says_how_many_rows_are_whole() -> None:
    out = StringIO()
    write(3)

    call_command("verify_audit", stdout=out)

    assert "完整：3 条" in out.getvalue()


@pytest.mark.parametrize("text", ["no json", '{"count": 1}', "[1]"])
def test_a_file_that_holds_no_roots_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "roots").write_text(text)

    with pytest.raises(CommandError, match="每行应是一个 JSON"):
        call_command("verify_audit", "--roots", tmp_path / "roots")


def test_a_root_holds_the_count_and_is_published_once_for_the_same_log() -> None:
    empty = actions.publish_root(at=AT)
    newest = write(3)[-1]

    root, same = actions.publish_root(at=AT), actions.publish_root(at=AT + timedelta(hours=1))

    assert (empty.count, root.count, root.hash) == (0, 3, newest.hash)
    assert same.pk == root.pk and same.at == AT
    assert Root.objects.count() == 2


def test_a_look_is_shown_to_the_person_looked_at_and_ones_own_is_not() -> None:
    actions.look(by=OFFICER, verb="people.look", at=AT, subject=PERSON, reason="红码处置")
    actions.record(by=OFFICER, verb="people.change", at=AT, subject=PERSON)
    actions.look(by=OFFICER, verb="people.look", at=AT, subject="0" * 32, reason="别人")

    (shown,) = queries.looks_at(PERSON)

    assert (shown.at, shown.actor_label, shown.verb, shown.reason) == (AT, OFFICER.label, "people.look", "红码处置")
    assert queries.looks_at(OFFICER.key) == []
