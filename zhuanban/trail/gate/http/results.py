"""What a result page says. One dictionary of texts, filled into result.html here or by the page's script there.

| tone | when | word |
|---|---|---|
| green | all admitted by a green fact | 通行 |
| yellow, red | somebody must not go in | 请停步 |
| unverified | nothing is known, which is no sign of anything | 未核验 已记录 |
| past | a receipt of long ago was asked for again: no pass for now | 已登记 |
"""

from zhuanban.base.spans import COUNTY_TIME
from zhuanban.registry.people.rules import Level
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.http import times
from zhuanban.trail.gate.http.stops import stop, unverified
from zhuanban.trail.gate.http.visitors import HOME, Result, Show, colour_names
from zhuanban.trail.gate.http.words import Words
from zhuanban.trail.status import rules as status
from zhuanban.trail.status.rules import Colour


def show(result: Result) -> Show:
    """The texts by the names of result.html's slots; a missing one is not shown."""
    found = {**_always(result), **_by_colour(result)}
    return {key: value for key, value in found.items() if value not in ("", None)}


def _by_colour(result: Result) -> Show:
    if result.is_past:
        return _past(result)
    if result.colour is Colour.GREEN:
        return _green(result)
    return stop(result) if result.colour in status.STOPPING else unverified(result)


def _always(result: Result) -> Show:
    _, door = result.visitor.words, result.entered.arrival.door
    local = result.at.astimezone(COUNTY_TIME)
    return {
        "stored": result.stored(_("已登记")),
        "clock": times.clock(result.at),
        "at_ms": times.millis(result.at),
        "day": f"{times.day(local.date(), _)} {times.weekday(local.date(), _)}",
        "venue": door.venue_name,
        "door": door.door_name,
        "address": door.address,
        "people": _people(result),
        "count": result.count,
        "done": _("完成"),
        "done_href": HOME if result.visitor.level is Level.ACCOUNT else result.path,
    }


def _people(result: Result) -> list[list[str]]:
    """[masked name, relation or colour, tone] of each, in the order in which they were ticked."""
    _, rows = result.visitor.words, result.entered.receipt.rows
    mixed = len({row.colour for row in rows}) > 1
    names = colour_names(result.visitor)
    return [
        [
            result.name(nth),
            names[row.colour] if mixed else result.visitor.relation_of(result.entered.arrival.party[nth]),
            row.colour.value.lower(),
        ]
        for nth, row in enumerate(rows)
    ]


def _green(result: Result) -> Show:
    _ = result.visitor.words
    return {
        "tone": "green",
        "word": _("通行"),
        "guard": _("请给门口工作人员看，⟦画面会动才有效⟧"),
        "source": _source(result),
        "voice": _("通行，共 {n} 人").format(n=len(result.entered.receipt.rows)),
    }


def _source(result: Result) -> str:
    """Whose word it is, and how old: the feed's, or the snapshot's where that is older than a minute."""
    _, verdict = result.visitor.words, result.entered.verdict(result.entered.worst)
    checked = result.snapshot.checked_at
    if checked is not None and result.at - checked > rules.STALE_SNAPSHOT:
        return _("状态是 {time} 的，之后没有更新").format(time=times.since(checked, result.at, _))
    if verdict is None or verdict.fact is None:
        return ""
    feed = result.snapshot.feeds.get(verdict.fact.issuer)
    if feed is None:
        return _("状态来自{issuer}").format(issuer=verdict.fact.issuer)
    told = times.since(feed.heard_at, result.at, _)
    return _("状态来自{issuer}，{time} 更新").format(issuer=verdict.fact.issuer, time=told)


def _past(result: Result) -> Show:
    _ = result.visitor.words
    since = times.since(result.entered.receipt.at, result.at, _)
    return {**past_words(_), "sub": since, "done_href": result.path}


def past_words(_: Words) -> Show:
    """Of a receipt that is no pass any more; the page's script says the same of a result that was left open."""
    return {
        "tone": "past",
        "word": _("已登记"),
        "note": _("这是先前的登记记录，⟦不是现在的通行凭证⟧。要进门请重新扫码。"),
        "voice": _("这是先前的登记记录，要进门请重新扫码"),
        "done": _("重新扫码"),
    }
