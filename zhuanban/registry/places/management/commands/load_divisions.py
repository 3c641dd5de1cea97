"""`manage.py load_divisions [FILE]`: a county's divisions, its outline and its measured points."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.rules import system
from zhuanban.base.errors import Refusal
from zhuanban.registry.places import actions, sheets


class Command(BaseCommand):
    help = "Load a county's divisions: all rows or none. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="CSV: code,name,level,parent; default 长子县, shipped")
        parser.add_argument("--points", type=Path, help="CSV: code,lon,lat in degrees, WGS84")
        parser.add_argument("--outline", type=Path, help="GeoJSON whose features carry adcode")

    def handle(self, *args: Any, **options: Any) -> None:
        shipped = options["file"] is None
        file = options["file"] or sheets.DIVISIONS
        points = options["points"] or (sheets.POINTS if shipped else None)
        outline = options["outline"] or (sheets.OUTLINE if shipped else None)
        try:
            with accounts.system_scope(), transaction.atomic():
                loaded = self._load(file, points=points, outline=outline)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不了这个文件：{error}") from error
        self.stdout.write(f"区划 {loaded.rows} 行，新增或更新 {loaded.changed} 行，表外保留 {loaded.left_out} 行")

    def _load(self, file: Path, *, points: Path | None, outline: Path | None) -> actions.Loaded:
        by, at = system("load_divisions"), timezone.now()
        rows = sheets.read_divisions(file.read_text("utf-8"))
        if points:
            rows = sheets.with_points(rows, points.read_text("utf-8"))
        loaded = actions.load_divisions(by=by, rows=rows, at=at)
        if outline:
            county = sheets.SHIPPED_COUNTY if outline == sheets.OUTLINE else settings.COUNTY
            geometry, source = sheets.read_outline(outline.read_text("utf-8"), county=county)
            actions.set_outline(by=by, county=county, geometry=geometry, source=source, at=at)
        return loaded
