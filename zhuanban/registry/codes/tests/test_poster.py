"""The sheet on the door, as a camera and a printer see it: rasterised and read back."""

from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdfium2 import raw

from zhuanban.registry.codes import rules, sheets
from zhuanban.registry.codes.rules import Sheet

KEY = bytes(range(32))
URL = "https://zhuanban.changzi.gov.cn/s/"
A4 = (595.3, 841.9)  # points
NAMES = [
    "福来顺生活超市",
    "店",
    "长子县人民医院",
    "长子县鲍店镇中心卫生院发热门诊部",
    "山西省长治市长子县丹朱镇城南社区综合便民服务中心暨新时代文明实践站第二分站大厅",
    "超" * 40,
    "超" * 80,
    "（原）供销社·农资站—一部《老店》“百年”#1",
    "Changzi Central Supermarket and Department Store No. 4",
    "Supercalifragilisticexpialidocious" * 2,
    '*粗* _斜_ $x^2$ #panic() @ref <label> `raw` \\ // /* "引号" {{name}}',
    "靣䶮㑇鱻犇骉",
]
FEW = NAMES[:1] + NAMES[4:7]


def sheet(**changes: Any) -> Sheet:
    facts: dict[str, Any] = {
        "county": "长子县",
        "venue": NAMES[0],
        "door": "正门",
        "address": "鲍店镇鲍店南街 18 号",
        "url": URL + rules.write_door(1, key=KEY),
        "short": "B7K4-M2Q9",
        "version": 3,
        "issued_at": datetime(2026, 10, 31, 18, tzinfo=UTC),
        "office_name": "鲍店镇值班室",
        "office_phone": "0355-8321234",
        "retention_days": 14,
    }
    return Sheet(**(facts | changes))


def text_of(pdf: bytes) -> str:
    text: str = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    return text.replace("\u200b", "").replace("\r\n", "").replace("\n", "")


def read(pdf: bytes, *, dpi: int = 100) -> list[str]:
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("venue", NAMES, ids=range(len(NAMES)))
def test_one_page_whose_code_a_camera_reads_whatever_the_name(venue: str) -> None:
    made = sheet(venue=venue)

    pdf = sheets.poster(made)

    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1 and document[0].get_size() == pytest.approx(A4, abs=0.5)
    assert read(pdf) == [made.url]


@pytest.mark.parametrize("n", range(25))
def test_many_doors_have_as_many_codes(n: int) -> None:
    made = sheet(url=URL + rules.write_door(n * 0x123456789ABCDE1 % 2**63, key=KEY), venue=NAMES[n % len(NAMES)])

    found = read(sheets.poster(made))

    assert found == [made.url]


@pytest.mark.parametrize("venue", FEW, ids=range(len(FEW)))
def test_nothing_runs_over_the_paper_or_into_the_code(venue: str) -> None:
    """Every letter lies where a printer reaches (6 mm from the edge); none lies in the frame around the code."""
    long = sheet(
        venue=venue, door="东侧地下停车场二层货梯入口" * 2, address="丹朱镇漳源街" * 20, office_name="办" * 80
    )

    page = pypdfium2.PdfDocument(sheets.poster(long))[0]
    words = page.get_textpage()
    boxes = [words.get_charbox(n) for n in range(words.count_chars()) if words.get_text_range(n, 1).strip()]

    assert boxes and all(left > 40 and right < 555.3 and low > 17 and high < 841.9 for left, low, right, high in boxes)
    frame = [box for box in boxes if box[1] > 262 and box[3] < 619 and box[0] > 119 and box[2] < 476]
    assert frame == []


def test_it_says_where_it_hangs_who_helps_and_how_long_it_is_kept() -> None:
    said = text_of(sheets.poster(sheet()))

    for words in ("长子县场所码", "福来顺生活超市", "正门", "鲍店镇鲍店南街 18 号", "B7K4-M2Q9", "没有手机也能进",
                  "扫码不会改变健康码颜色", "记录 14 天后自动删除", "第 3 版，2026 年 11 月 1 日签发",
                  "求助：鲍店镇值班室 0355-8321234"):  # fmt: skip
        assert words in said


def test_names_are_printed_as_they_are_written_and_never_executed() -> None:
    assert NAMES[10].replace(" ", "") in text_of(sheets.poster(sheet(venue=NAMES[10]))).replace(" ", "")


def test_without_an_office_nobody_is_named() -> None:
    assert "求助" not in text_of(sheets.poster(sheet(office_name="", office_phone="")))


def test_its_fonts_are_inside() -> None:
    """A PDF whose letters come from the reader's machine prints as boxes in the village."""
    document = pypdfium2.PdfDocument(sheets.poster(sheet()))
    letters = [item for item in document[0].get_objects(max_depth=9) if item.type == raw.FPDF_PAGEOBJ_TEXT]

    fonts = {item.get_font().get_base_name(): item.get_font().is_embedded for item in letters}

    assert all(fonts.values()) and {name.split("+")[-1] for name in fonts} == {
        "NotoSansSC-Regular",
        "DejaVuSansMono-Bold",
    }


def test_printed_again_it_is_the_same_to_the_byte() -> None:
    assert sheets.poster(sheet()) == sheets.poster(sheet())


def test_a_quarter_of_it_may_be_lost() -> None:
    """A sticker over the middle: level Q mends what the camera cannot see."""
    image = pypdfium2.PdfDocument(sheets.poster(sheet()))[0].render(scale=2).to_pil()
    image.paste("white", (540, 740, 650, 850))

    assert [found.text for found in zxingcpp.read_barcodes(image)] == [sheet().url]


@pytest.mark.parametrize("dpi", [40, 60, 300])
def test_it_is_read_from_afar_and_from_near(dpi: int) -> None:
    assert read(sheets.poster(sheet()), dpi=dpi) == [sheet().url]
