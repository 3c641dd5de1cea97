"""Where somebody may live who does not live in the county, and how short a page is."""

from zhuanban.base.choices import Choice

VISITS_ON_FIRST_PAGE = 3
LOOKS_ON_FIRST_PAGE = 2
LOOKS_SHOWN = 200
UNITS_SHOWN = 30  # found units on one page; more letters find fewer


class Deed(Choice):
    """What somebody did with a resident's data, in the resident's words; by the audit's verb."""

    LOOK = "people.look", "看了姓名、电话和证件"
    MANUAL = "people.register_manual", "替您做了进门登记"
    BIND = "people.bind", "看过证件后替您绑定了家人"
    ADOPT = "people.adopt_stranger", "记下了您在门口填的姓名和电话"
    PROPOSE = "status.propose", "提出给您定健康状态"
    CONFIRM = "status.confirm", "核定了您的健康状态"
    RECEIVE = "status.receive_fact", "收到了平台对您的健康状态"
    ANSWER = "status.answer_correction", "答复了您的更正申请"
    OTHER = "", "办理了与您有关的事"


def deed(verb: str) -> str:
    return next((known.label for known in Deed if known.value == verb), Deed.OTHER.label)


class Province(Choice):
    """source: GB/T 2260, the provinces, regions and cities; our own first."""

    SHANXI = "140000000000", "山西省"
    BEIJING = "110000000000", "北京市"
    TIANJIN = "120000000000", "天津市"
    HEBEI = "130000000000", "河北省"
    NEI_MONGGOL = "150000000000", "内蒙古自治区"
    LIAONING = "210000000000", "辽宁省"
    JILIN = "220000000000", "吉林省"
    HEILONGJIANG = "230000000000", "黑龙江省"
    SHANGHAI = "310000000000", "上海市"
    JIANGSU = "320000000000", "江苏省"
    ZHEJIANG = "330000000000", "浙江省"
    ANHUI = "340000000000", "安徽省"
    FUJIAN = "350000000000", "福建省"
    JIANGXI = "360000000000", "江西省"
    SHANDONG = "370000000000", "山东省"
    HENAN = "410000000000", "河南省"
    HUBEI = "420000000000", "湖北省"
    HUNAN = "430000000000", "湖南省"
    GUANGDONG = "440000000000", "广东省"
    GUANGXI = "450000000000", "广西壮族自治区"
    HAINAN = "460000000000", "海南省"
    CHONGQING = "500000000000", "重庆市"
    SICHUAN = "510000000000", "四川省"
    GUIZHOU = "520000000000", "贵州省"
    YUNNAN = "530000000000", "云南省"
    XIZANG = "540000000000", "西藏自治区"
    SHAANXI = "610000000000", "陕西省"
    GANSU = "620000000000", "甘肃省"
    QINGHAI = "630000000000", "青海省"
    NINGXIA = "640000000000", "宁夏回族自治区"
    XINJIANG = "650000000000", "新疆维吾尔自治区"
    TAIWAN = "710000000000", "台湾省"
    HONG_KONG = "810000000000", "香港特别行政区"
    MACAO = "820000000000", "澳门特别行政区"
