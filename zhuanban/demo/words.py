"""What an invented county is made of. No real person and no real firm: numbers come from ranges nobody is given.

Telephone numbers begin with 164, a prefix that is not in use; office telephones with 0355-000, which no exchange has;
ID numbers carry the sequence 99x; credit codes are drawn at random and only their check character is right.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import uscc

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑梁宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向常"
GIVEN = "秀英桂兰玉梅淑珍建国志强红霞丽娟海燕春花小军文斌晓东雪莲国庆卫东永平爱民彩云素芳俊杰婷婷浩然子涵雨桐思远嘉怡宇轩若曦景行"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # source: GB 11643-1999
ID_CHECKS = "10X98765432"

SHOPS = {  # venue type name → how such a place is called
    "商场超市": ("{w}生活超市", "{w}便民超市", "{p}供销超市", "{w}百货"),
    "药店": ("{w}大药房", "{w}堂药店"),
    "餐厅": ("{w}饭店", "{w}面馆", "{p}羊汤馆", "{w}火锅"),
    "理发美容": ("{w}理发店", "{w}造型"),
    "宾馆": ("{w}宾馆", "{p}旅馆"),
    "农集贸市场": ("{p}农贸市场", "{w}集贸市场"),
    "银行": ("{w}村镇银行{p}支行",),
    "医疗机构": ("{p}卫生院", "{w}诊所"),
    "学校": ("{p}小学", "{p}中学", "{w}幼儿园"),
    "加油站": ("{w}加油站", "{p}加油站"),
    "民政机构": ("{p}敬老院",),
    "邮政快递": ("{w}快递服务点", "{p}快递驿站"),
    "棋牌室": ("{w}棋牌室",),
    "公共浴室": ("{w}浴池",),
    "健身": ("{w}健身中心",),
    "企业": ("{w}建材厂", "{w}食品加工厂"),
    "道路客运": ("{p}客运站",),
    "机关事业": ("{p}便民服务中心",),
}
WORDS = (
    "福来顺 永兴 惠民 同昌 丹岭 漳源 鹿台 慈云 吉祥 广济 春晖 金穗 万家 鑫源 和顺 瑞丰 康泰 德胜 长兴 如意 百姓 四季 宏达 "
    "美佳 恒通 聚源 天和 祥云 富康 安泰"
).split()
SIDES = "东街 西街 南街 北街 正街 新街".split()


def id_number(chance: random.Random, born: date) -> str:
    """A number that passes the check digit, with a sequence (99x) that no office gives out."""
    body = f"140428{born:%Y%m%d}99{chance.randrange(10)}"
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, body, strict=True))
    return body + ID_CHECKS[total % 11]


def credit_code(chance: random.Random) -> str:
    """A unified social credit code with a right check character and nothing else behind it."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "92140428MA" + "".join(chance.choice(alphabet) for _ in range(7))
    return body + str(uscc.calc_check_digit(body))


def phone(number: int) -> str:
    """The `number`th invented mobile telephone."""
    return f"164{number:08d}"


def office_phone(number: int) -> str:
    return f"0355-000{number:04d}"


@dataclass(frozen=True, slots=True)
class Resident:
    name: str
    phone: str
    document: str
    born: date


def residents(chance: random.Random, count: int, today: date) -> Iterator[Resident]:
    """`count` invented people, each with a document number of their own."""
    taken: set[str] = set()
    while len(taken) < count:
        born = today - timedelta(days=chance.randrange(16 * 365, 88 * 365))
        document = id_number(chance, born)
        if document in taken:
            continue
        taken.add(document)
        yield Resident(name(chance), phone(len(taken)), document, born)


def name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
