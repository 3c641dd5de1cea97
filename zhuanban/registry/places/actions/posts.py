"""Who serves at a venue."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.registry.places import queries, rules
from zhuanban.registry.places.models import Post, Venue
from zhuanban.registry.places.rules import HouseRule, PostFacts


@transaction.atomic
def assign(*, by: By, venue: int, facts: PostFacts, at: datetime) -> Post:
    """A post. One person may serve at many venues and a venue may have many people.

    Raises: NotFound; HouseRule, also for somebody who is neither of the venue's organisation nor serves its area.
    """
    row = _locked(by, venue)
    _check(row, facts)
    post = Post(
        venue=row,
        account_id=facts.account,
        role=facts.role,
        door_id=facts.door,
        shift=rules.check_shift(facts.shift),
        from_day=facts.from_day,
        until_day=facts.until_day,
    )
    post.save()
    detail = {"post": post.pk, "account": facts.account, "role": facts.role.value, "door": facts.door}
    audit.record(by=by, verb="places.assign", at=at, target=f"venue:{row.pk}", detail=detail)
    return post


@transaction.atomic
def end_post(*, by: By, post: int, until_day: date, reason: str, at: datetime) -> Post:
    """`until_day` is the first day no longer served. Raises: NotFound, HouseRule."""
    row = queries.post(by, post)
    venue = _locked(by, row.venue_id)
    reason = rules.check_reason(reason)
    row.until_day = max(until_day, row.from_day)
    row.save(update_fields=["until_day"])
    detail = {"post": row.pk, "account": row.account_id, "role": row.role}
    audit.record(by=by, verb="places.end_post", at=at, target=f"venue:{venue.pk}", reason=reason, detail=detail)
    return row


def _locked(by: By, pk: int) -> Venue:
    Venue.objects.select_for_update().filter(pk=pk).first()
    return queries.venue(by, pk, roles=rules.MAY_STAFF)


def _check(venue: Venue, facts: PostFacts) -> None:
    rules.check_day_span(facts.from_day, facts.until_day)
    if facts.role not in rules.POSTS:
        raise HouseRule(gettext("场所里没有这种岗位"))
    if facts.door is not None and not venue.doors.filter(pk=facts.door).exists():
        raise HouseRule(gettext("这个场所没有这个门"))
    if not queries.candidates(venue).filter(pk=facts.account).exists():
        raise HouseRule(gettext("此人不是该单位的成员，也不是本村网格员；请先在“账号”里加入"))
    standing = Post.objects.filter(venue=venue, account=facts.account, role=facts.role, until_day=None)
    if standing.filter(door=facts.door).exists():
        raise HouseRule(gettext("此人已在这个岗位上"))
