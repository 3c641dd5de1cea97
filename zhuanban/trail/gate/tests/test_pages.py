"""What a phone shows: small, complete without script, the same with it, and moving."""

import gzip
import json
import re
from html.parser import HTMLParser

from zhuanban.registry.codes.rules import display_short
from zhuanban.trail.gate.http import assets
from zhuanban.trail.gate.tests.conftest import HOUR, NOW, SESSION, County
from zhuanban.trail.gate.tests.phone import Phone

BUDGET = 50_000  # bytes of page, style and script together; source: UI.md
FORM = (("with_people", "1"), ("people", "me"), ("notice", "1"))
VOID = {"meta", "link", "input", "rect", "circle", "path", "hr"}


class Shape(HTMLParser):
    """Collects the text that is shown, and complains about elements that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.hidden: list[int] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
            if any(name == "hidden" for name, _ in attrs) or tag in ("script", "title"):
                self.hidden.append(len(self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag
            if self.hidden and self.hidden[-1] > len(self.open):
                self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.hidden:
            self.shown.append(" ".join(data.split()))


def shown(page: str) -> str:
    shape = Shape()
    shape.feed(page)
    assert shape.open == []
    return " ".join(shape.shown)


def asset_paths(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/s/-/[^"]+)"', page)


def test_the_page_and_all_it_loads_stay_within_fifty_kilobytes(county: County) -> None:
    for phone in (county.phone("王小花"), county.phone()):
        page = phone.get(county.path())
        loaded = [phone.get(path) for path in asset_paths(page.text)]

        assert [answer.status for answer in loaded] == [200, 200]
        assert len(page.body) + sum(len(answer.body) for answer in loaded) <= BUDGET


def test_the_assets_are_kept_for_a_year_and_sent_packed_where_the_phone_can(county: County) -> None:
    phone = county.phone()
    path = asset_paths(phone.get(county.path()).text)[0]

    plain, packed = phone.get(path), phone.get(path, accept_encoding="gzip, br")

    assert "immutable" in plain.header("cache-control") and plain.header("content-type").startswith("text/css")
    assert packed.header("content-encoding") == "gzip" and gzip.decompress(packed.body) == plain.body
    assert assets.by_path()[path].plain == plain.body


def test_the_page_asks_to_compare_the_place_before_one_enters(county: County) -> None:
    page = county.phone("王小花").get(county.path())

    text = shown(page.text)
    short = display_short(county.codes["福来顺生活超市"].short)
    for told in (
        "福来顺生活超市",
        "正门",
        "鲍店南街 18 号",
        short,
        "不是这里？",
        "登记进门",
        "自动删除",
        "谁看过您都能查到",
    ):
        assert told in text
    assert "通行" not in text and "请停步" not in text
    policy = page.header("content-security-policy")
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy
    assert not re.search(r"\son\w+=|\sstyle=|<style", page.text)


def test_everything_works_without_script(county: County) -> None:
    phone = county.phone("王小花")
    fields = re.findall(r'name="(id|notice|with_people)"\s+value="([^"]*)"', phone.get(county.path()).text)

    answers = [phone.submit(county.path(), *fields, ("people", "me")) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200] and len(county.stored()) == 1
    text = shown(answers[0].text)
    for told in ("已登记", "通行", "福来顺生活超市", "王*花", "共 1 人", "状态来自长治市平台", "完成"):
        assert told in text
    assert "on-result b-green" in answers[0].text and "speech" not in answers[0].text


def test_a_stop_says_what_to_do_by_when_why_and_whom_to_call(county: County) -> None:
    text = shown(county.phone("张三").submit(county.path(), *FORM).text)

    order = (
        "已登记，已上报",
        "请停步",
        "张*，请先不要进门，有人来帮您。",
        "福来顺生活超市",
        "戴好口罩，到门外等候区",
        "鲍店镇值班室",
        "最迟",
        "专人点对点接您",
        "红码，到",
        "长治市平台，",
        "11 月 19 日与病例同乘班车",
        "扫码不会改变颜色",
        "打给鲍店镇值班室",
        "申请更正",
    )
    places = [text.find(told) for told in order]
    assert -1 not in places and places == sorted(places)
    assert "完成" not in text and 'href="tel:03550001234"' in county.phone("张三").submit(county.path(), *FORM).text


def test_yellow_goes_home_and_waits(county: County) -> None:
    text = shown(county.phone("周红").submit(county.path(), *FORM).text)

    assert "请停步" in text and "请回家等电话" in text and "黄码，到" in text and "核酸检测超过 3 天未做" in text


def test_unverified_is_not_a_suspicion_and_says_what_comes_next(county: County) -> None:
    county.clock.at = NOW + 2 * HOUR  # the platforms are silent; 孙七's colour has run out

    cases = {
        ("王小花", "福来顺生活超市"): ("长治市平台", "起没有回应", "省健康码给门口工作人员看"),
        ("孙七", "敬老院"): ("上次的状态到", "请在门口稍等"),
        ("李秀英", "人民医院"): ("引导您就诊",),
    }
    for (name, venue), told in cases.items():
        text = shown(county.phone(name).submit(county.path(venue), *FORM).text)
        assert "未核验" in text and "已记录" in text and "不等于有异常" in text and "出示我的码" in text
        assert [one for one in told if one not in text] == []


def test_a_strangers_result_offers_no_code_but_says_the_same(county: County) -> None:
    pairs = (("notice", "1"), ("name", "钱小多"), ("phone", "13900000001"))

    text = shown(county.phone().submit(county.path(), *pairs).text)

    assert "系统里没有您的健康码状态" in text and "钱*多，共 1 人" in text and "出示我的码" not in text


def test_the_texts_for_the_script_are_those_of_the_page_without_it(county: County) -> None:
    for name in ("王小花", "张三", "周红", "赵六"):
        page = shown(county.phone(name).submit(county.path(), *FORM).text)
        texts = county.phone(name).scan(county.path(), page=True).json["show"]

        slots = [value for key, value in texts.items() if isinstance(value, str) and key not in ("tone", "voice")]
        words = [re.sub(r"[⟦⟧]", "", text) for text in slots if not text.startswith(("/", "tel:"))]
        flat = page.replace(" ", "")
        assert [word for word in words if "".join(word.split()) not in flat] == []


def test_a_receipt_shown_again_later_is_no_pass(county: County) -> None:
    phone, stored = county.phone("王小花"), county.phone("王小花").scan(county.path()).json["id"]
    county.clock.at = NOW + 0.5 * HOUR

    told = phone.scan(county.path(), id=stored, page=True).json

    assert told["colour"] == "GREEN" and told["first"] is False and told["show"]["tone"] == "past"
    assert "不是现在的通行凭证" in told["show"]["note"] and told["show"]["word"] != "通行"


def test_a_result_left_open_does_not_stay_a_pass(county: County) -> None:
    page = county.phone("王小花").submit(county.path(), *FORM).text
    stop = county.phone("张三").submit(county.path(), *FORM).text
    words = re.findall(r'id="words">(.*?)</script>', county.phone("王小花").get(county.path()).text)[0]

    assert f'content="600; url={county.path()}"' in page and "http-equiv" not in stop
    past = json.loads(words)["past"]
    assert past["after_ms"] == 600_000 and past["texts"]["tone"] == "past" and "重新扫码" in past["texts"]["done"]


def test_what_moves_changes_with_the_minute(county: County) -> None:
    def motion() -> tuple[str, ...]:
        page = county.phone("王小花").submit(county.path(), *FORM).text
        return re.findall(r'class="result r-green (m\d)"', page)[0], *re.findall(r'transform="(rotate[^"]+)"', page)

    seen = []
    for minute in range(6):
        county.clock.at = NOW.replace(minute=minute, second=17)
        seen.append(motion())

    assert len({rhythm for rhythm, _ in seen}) == 6 and {turn for _, turn in seen} == {"rotate(102 120 120)"}


def test_care_mode_and_english_are_links_that_need_no_script(county: County) -> None:
    phone, path = county.phone("王小花"), county.path()

    answers = [phone.get(f"{path}?care=1"), phone.get(f"{path}?lang=en")]
    page = phone.get(path).text

    assert [(answer.status, answer.header("location")) for answer in answers] == [(303, path)] * 2
    assert phone.cookies["care"] == "1" and phone.cookies["lang"] == "en"
    assert 'class="care"' in page and 'lang="en"' in page and "?care=0" in page and "中文" in page
    assert phone.get(f"{path}?lang=tlh").header("set-cookie") == ""
    assert phone.get("/s/a\r\nx: y?care=1").header("location") == "/s/a%0D%0Ax%3A%20y"


def test_what_a_messenger_hangs_on_an_address_does_no_harm(county: County) -> None:
    for tail in ("?from=singlemessage&isappinstalled=0", "?" + "a=1&" * 50, "?%ff=%00"):
        assert county.phone("王小花").get(county.path() + tail).status == 200


def test_the_browsers_language_is_asked_when_nobody_chose_one(county: County) -> None:
    phone, path = county.phone("王小花"), county.path()
    wishes = {
        "en-US,en;q=0.9": "en",
        "zh-CN,zh;q=0.9,en;q=0.8": "zh-Hans",
        "fr, en;q=0.5": "en",
        "": "zh-Hans",
        "fr": "zh-Hans",
    }

    found = {
        wish: re.findall(r'<html lang="([^"]+)"', phone.get(path, accept_language=wish).text)[0] for wish in wishes
    }

    assert found == wishes


def test_a_short_code_leads_to_its_door_and_a_wrong_one_is_asked_again(county: County) -> None:
    phone, short = county.phone(), county.codes["福来顺生活超市"].short

    found = phone.get(f"/s/?c={short[:4].lower()}-{short[4:]}")
    wrong = phone.get("/s/?c=%22%3E%3Cb%3E")
    asked = phone.get("/s/")

    assert (found.status, found.header("location")) == (303, county.path())
    assert wrong.status == 404 and "&quot;&gt;&lt;b&gt;" in wrong.text and "没有这个短码" in shown(wrong.text)
    assert asked.status == 200 and "您要进哪个门？" in shown(asked.text)
    assert phone.get("/s/?care=1").header("location") == "/s/"


def test_a_page_that_says_no_says_what_to_do(county: County) -> None:
    unknown = county.phone().get("/s/nothing", accept="text/html")
    county.clock.at = NOW + 40 * 24 * HOUR
    no_order = county.phone().get(county.path(), accept="text/html")

    assert unknown.status == 404 and "输入短码" in shown(unknown.text) and "UNKNOWN_DOOR" in unknown.text
    assert no_order.status == 403 and "请直接进门" in shown(no_order.text)


def test_a_form_that_cannot_be_taken_now_keeps_its_id_to_be_sent_again(county: County) -> None:
    county.house.in_flight = 10_000
    phone = county.phone("王小花")
    stored = re.findall(r'name="id"\s+value="([^"]+)"', phone.get(county.path()).text)[0]

    busy = phone.submit(county.path(), ("id", stored), *FORM)
    none = phone.submit(county.path(), ("id", stored), ("with_people", "1"))

    assert busy.status == 503 and busy.header("retry-after") and f'value="{stored}"' in busy.text
    assert none.status == 422 and "请至少勾选一个人" in shown(none.text)


def test_an_id_that_another_entry_has_taken_is_exchanged_for_a_new_one(county: County) -> None:
    stored = county.phone("张三").scan(county.path()).json["id"]

    taken = county.phone("王小花").submit(county.path(), ("id", stored), *FORM)

    assert taken.status == 409 and f'value="{stored}"' not in taken.text
    assert "登记编号已被另一条登记使用" in shown(taken.text)


def test_a_head_request_and_a_health_check_are_answered(county: County) -> None:
    phone = Phone(county.gate, {SESSION: ""})

    assert phone.ask("HEAD", county.path()).status == 200
    health = phone.get("/s/health").json
    assert health["well"] is True and health["waiting"] == 0 and json.dumps(health)
