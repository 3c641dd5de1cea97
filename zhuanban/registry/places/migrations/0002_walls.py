"""The second wall: on PostgreSQL a connection sees the venues and doors of its scope, and without a scope none."""

from django.db import migrations

from zhuanban.base.walls import wall


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        wall(table, division="division", sector="sector", organisation="organisation_id")
        for table in ("places_venue", "places_door")
    ]
