"""The sheet for a door as PDF: A4, one page, its font inside, the same bytes whenever it is printed again."""

import io
import json
import re
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import segno
import typst

from zhuanban.base.spans import COUNTY_TIME
from zhuanban.registry.codes.rules import Sheet

TEMPLATE = Path(__file__).parent / "templates" / "codes" / "poster.typ"
QUIET_ZONE = 4  # modules; source: ISO/IEC 18004 §6.3.8
ERROR_LEVEL = "q"  # a quarter of the sheet may be dirty or torn; source: ISO/IEC 18004 §6.5.1
UNBROKEN = re.compile(r"([!-~]{10})(?=[!-~])")  # a Latin word that no line could hold may break here


def poster(sheet: Sheet) -> bytes:
    """The PDF. The template itself refuses to run over one page."""
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"sheet": json.dumps(_words(sheet)), "qr": _qr(sheet.url)},
        timestamp=int(sheet.issued_at.timestamp()),
    )


def _words(sheet: Sheet) -> dict[str, str]:
    day = sheet.issued_at.astimezone(COUNTY_TIME)
    office = f"求助：{sheet.office_name} {sheet.office_phone}".rstrip()
    return {
        "county": sheet.county,
        "venue": UNBROKEN.sub("\\1\u200b", sheet.venue),
        "door": UNBROKEN.sub("\\1\u200b", sheet.door),
        "address": UNBROKEN.sub("\\1\u200b", sheet.address),
        "url": sheet.url,
        "short": sheet.short,
        "days": str(sheet.retention_days),
        "issued": f"第 {sheet.version} 版，{day.year} 年 {day.month} 月 {day.day} 日签发",
        "help": office if sheet.office_name else "",
    }


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(url, error=ERROR_LEVEL, boost_error=False).save(
        drawn, kind="svg", border=QUIET_ZONE, omitsize=True, xmldecl=False, nl=False
    )
    return drawn.getvalue().decode()


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans SC from its wheel and the fixed-width face that typst carries; never what a machine has."""
    folder = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
