"""The second wall around verifications: row-level security on PostgreSQL."""

from django.db import migrations

from zhuanban.base.walls import wall


class Migration(migrations.Migration):
    dependencies = [("checks", "0001_initial"), ("accounts", "0001_initial")]
    operations = [wall("checks_check", sector="sector", organisation="organisation_id")]
