"""Rows of the log, and its roots, are never changed: the database itself refuses."""

from django.db import migrations

from zhuanban.base import walls


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [walls.append_only("audit_entry"), walls.append_only("audit_root")]
