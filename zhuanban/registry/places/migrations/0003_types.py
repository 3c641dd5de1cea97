"""The county starts with the 39 types of the province's practice and three of its own; it changes them on a page."""

from typing import Any

from django.db import migrations

from zhuanban.registry.places import sheets


def seed(apps: Any, editor: Any) -> None:
    types, version = apps.get_model("places", "VenueType"), apps.get_model("places", "SnapshotVersion")
    alias = editor.connection.alias
    types.objects.using(alias).bulk_create(types(**row) for row in sheets.venue_types())
    version.objects.using(alias).create(pk=1, n=0)


class Migration(migrations.Migration):
    dependencies = [("places", "0002_walls")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
