"""What the pages say that are no pass: nothing is known, or somebody must not go in. Help, not blame.

do now → by when → why, who set it, until when → whom to call → where to object
"""

from datetime import timedelta

from zhuanban.registry.people.rules import Level
from zhuanban.registry.places.rules import Unverified
from zhuanban.trail.gate.http import times
from zhuanban.trail.gate.http.visitors import CORRECTION, MY_CODE, Result, Show, colour_names
from zhuanban.trail.status import rules as status
from zhuanban.trail.status.rules import Colour

# --- nothing is known -----------------------------------------------------------------------------------------------


def unverified(result: Result) -> Show:
    _ = result.visitor.words
    door = result.entered.arrival.door
    names = _("、").join(result.name(nth) for nth in range(len(result.entered.receipt.rows)))
    is_known = result.visitor.level is Level.ACCOUNT
    return {
        "tone": "unverified",
        "word": _("未核验"),
        "sub": _("已记录"),
        "note": _("暂时查不到健康码状态，⟦不等于有异常⟧。进门记录已存好，不用重扫。"),
        "term1": _("原因"),
        "why1": _gap(result),
        "term2": _("已存"),
        "why2": _("{names}，共 {n} 人").format(names=names, n=len(result.entered.receipt.rows)),
        "term3": _("地点"),
        "why3": f"{door.venue_name} {door.door_name}\n{door.address}",
        "then_title": _("接下来"),
        "then": _next(result),
        "voice": _("未核验，已记录。{next}").format(next=_next(result)),
        "code": _("出示我的码") if is_known else "",
        "code_href": MY_CODE if is_known else "",
    }


def _next(result: Result) -> str:
    _, door = result.visitor.words, result.entered.arrival.door
    if door.unverified == Unverified.ADMIT:
        return _("可以进门，请给门口工作人员看一下本页。")
    if door.is_medical:
        return _("请告诉门口工作人员，由他引导您就诊。")
    if door.unverified == Unverified.LOOK:
        return _("请打开省健康码给门口工作人员看，由他决定是否放行。")
    return _("请在门口稍等，等工作人员核实。")


def _gap(result: Result) -> str:
    _ = result.visitor.words
    fact = result.snapshot.fact_of(result.entered.arrival.party[result.entered.worst])
    if fact is None:
        return _("系统里没有您的健康码状态")
    counted = status.in_force(fact, at=result.at)
    if counted is None:
        return _("上次的状态到 {time} 止").format(time=times.moment(fact.until_at, _))
    feed = result.snapshot.feeds.get(counted.issuer)
    told = times.since(feed.heard_at, result.at, _) if feed else ""
    return _("{issuer} {time} 起没有回应").format(issuer=counted.issuer, time=told)


# --- somebody must not go in ----------------------------------------------------------------------------------------


def stop(result: Result) -> Show:
    _, colour = result.visitor.words, result.colour
    name = result.name(result.entered.worst)
    return {
        "tone": colour.value.lower(),
        "stored": result.stored(_("已登记，已上报")),
        "word": _("请停步"),
        "say": f"{name}{_('，')}{_asks(result)}",
        "count": result.count if len(result.entered.receipt.rows) > 1 else "",
        "voice": f"{_('请停步。')}{_asks(result)}",
        "done": "",
        **_steps(result),
        **_why(result),
        **_calls(result),
    }


def _office(result: Result) -> str:
    return result.entered.arrival.door.office_name or result.visitor.words("乡镇值班室")


def _asks(result: Result) -> str:
    _ = result.visitor.words
    if result.entered.arrival.door.is_medical:
        return _("请在这里等，有人来带您看病。")
    if result.colour is Colour.RED:
        return _("请先不要进门，有人来帮您。")
    return _("这次不能进门，请回家等电话。")


def _steps(result: Result) -> Show:
    _, office = result.visitor.words, _office(result)
    if result.entered.arrival.door.is_medical:
        steps = (
            _("戴好口罩，与他人隔开 1 米"),
            _("在原地等医护人员，已报⟦{office}⟧"),
            _("跟医护人员走专用通道就诊"),
        )
    elif result.colour is Colour.RED:
        steps = (
            _("戴好口罩，到门外等候区，与他人隔开 1 米"),
            _("原地等电话，已报⟦{office}⟧"),
            _("专人点对点接您，不用自己乘车"),
        )
    else:
        steps = (
            _("戴好口罩，与他人隔开 1 米"),
            _("先回家等电话，已报⟦{office}⟧"),
            _("要买的东西，可打电话请店里送"),
        )
    found = {"steps": _("现在请您"), "step1": steps[0], "step2": steps[1].format(office=office), "step3": steps[2]}
    return {**found, **_limit(result)}


def _limit(result: Result) -> Show:
    """By when somebody will have called: the county's first clock for this colour, from the moment of the scan."""
    minutes = result.snapshot.limits.get(result.colour)
    if minutes is None:
        return {}
    due = result.entered.receipt.at + timedelta(minutes=minutes)
    _ = result.visitor.words
    return {
        "limit": _("最迟 {time}").format(time=times.minute(due)),
        "due_ms": times.millis(due),
        "span_ms": minutes * 60_000,
    }


def _why(result: Result) -> Show:
    _, verdict = result.visitor.words, result.entered.verdict(result.entered.worst)
    if verdict is None or verdict.fact is None:
        return {}
    fact = verdict.fact
    until = _("{colour}，到 {time} 止").format(
        colour=colour_names(result.visitor)[fact.colour], time=times.moment(fact.until_at, _)
    )
    return {
        "why": _("为什么"),
        "term1": _("状态"),
        "why1": until,
        "term2": _("谁定的"),
        "why2": f"{fact.issuer}{_('，')}{times.moment(fact.from_at, _)}",
        "term3": _("依据"),
        "why3": fact.reason,
        "end": _("扫码不会改变颜色，这里的人也改不了。"),
    }


def _calls(result: Result) -> Show:
    _, door = result.visitor.words, result.entered.arrival.door
    phone = "".join(char for char in door.office_phone if char.isdigit() or char == "+")
    return {
        "call": _("打给{office}").format(office=_office(result)) if phone else "",
        "call_href": f"tel:{phone}" if phone else "",
        "fix": _("我认为有误，申请更正"),
        "fix_href": CORRECTION,
    }
