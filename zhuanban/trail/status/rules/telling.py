"""What a person is told: what to do now, who has set the colour, why, and until when. Help rather than blame."""

from collections.abc import Callable
from datetime import datetime, timedelta

from zhuanban.base.spans import COUNTY_TIME, MONTHS
from zhuanban.trail.status.rules.deciding import STOPPING, Colour, FactView

Words = Callable[[str], str]  # a message in the reader's language; rules know no catalogue


def steps(colour: Colour, *, is_medical: bool = False, office: str = "") -> tuple[str, ...]:
    """Now, in this order; short, and help rather than blame. The second step of a stop is the one with a clock.

    `office` is who has been told: the township's duty room for red, the community or village for yellow.
    """
    if colour not in STOPPING:
        return ()
    if is_medical:
        return ("戴好口罩，与他人隔开 1 米", f"在原地等医护人员，{office or '值班室'}已收到", "跟医护走专用通道就诊")
    if colour is Colour.RED:
        return (
            "戴好口罩，到门外等候区，与他人隔开 1 米",
            f"原地等电话，{office or '乡镇值班室'}已收到",
            "专人点对点接您，不用自己乘车",
        )
    return (
        "戴好口罩，与他人隔开 1 米",
        f"先回家等电话，{office or '社区（村）'}已收到",
        "要买的东西，可打电话请店里送",
    )


def asks(colour: Colour, *, is_medical: bool = False) -> str:
    """The sentence under the word, after the person's masked name: 王*花，…"""
    if colour is Colour.GREEN:
        return "请进"
    if colour is Colour.UNVERIFIED:
        return "已经记下，请把省健康码给值守看"
    if is_medical:
        return "请先在这里等，有人来引导您看病"
    if colour is Colour.RED:
        return "请先不要进门，有人来帮您"
    return "这次不能进门，请先联系社区（村）"


def why(fact: FactView, _: Words = str) -> tuple[tuple[str, str], ...]:
    """状态, 谁定的, 依据: what the person is told of their own colour."""
    until = _("{colour}，到 {time} 止").format(colour=_(fact.colour.label), time=moment(fact.until_at, _))
    return (
        (_("状态"), until),
        (_("谁定的"), f"{fact.issuer}{_('，')}{moment(fact.from_at, _)}"),
        (_("依据"), fact.reason),
    )


def moment(at: datetime, _: Words = str) -> str:
    """11 月 23 日 06:00; midnight ends the day before: 11 月 22 日 24:00."""
    local, time = at.astimezone(COUNTY_TIME), f"{at.astimezone(COUNTY_TIME):%H:%M}"
    if time == "00:00":
        local, time = local - timedelta(days=1), "24:00"
    day = _("{month} 月 {day} 日").format(month=local.month, mon=MONTHS[local.month - 1], day=local.day)
    return f"{day} {time}"
