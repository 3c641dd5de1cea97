"""The county's clocks as a new installation has them: defaults, to be confirmed on the page by the county office."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LIMITS = (  # as in rules/clocks.py when this was written
    ("RED", "ACKNOWLEDGE", 10),
    ("RED", "HAND_OVER", 60),
    ("RED", "CLOSE", 1_440),
    ("YELLOW", "ACKNOWLEDGE", 30),
    ("YELLOW", "HAND_OVER", 120),
    ("YELLOW", "CLOSE", 2_880),
)


def _seed(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    limit = apps.get_model("alerts", "Limit")
    for kind, step, minutes in LIMITS:
        limit.objects.using(editor.connection.alias).get_or_create(kind=kind, step=step, defaults={"minutes": minutes})


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]
    operations = [migrations.RunPython(_seed, migrations.RunPython.noop)]
