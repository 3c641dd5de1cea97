"""The first wall: a queryset narrowed to what the asker may see."""

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from zhuanban.base.accounts.rules import OF_ORGANISATION, WITHOUT_DATA, By, Kind, Role, Scope

T = TypeVar("T", bound=Model)


def visible(  # noqa: PLR0913  (keyword-only: the names are at the call)
    queryset: QuerySet[T],
    by: By,
    *,
    division: str = "division",
    sector: str | None = "sector",
    organisation: str | None = "organisation",
    roles: Collection[Role] | None = None,
) -> QuerySet[T]:
    """The rows that one of `by`'s scopes covers; with `roles`, only scopes held in one of these.

    `division`, `sector` and `organisation` are the names of the fields; None for what the table does not have. A scope
    of some sectors sees nothing in a table without sectors, one of an organisation nothing where none is named.
    """
    if by.kind is Kind.SYSTEM:
        return queryset
    covered = Q(pk__in=())
    for scope in by.scopes:
        if scope.role not in WITHOUT_DATA and (roles is None or scope.role in roles):
            covered |= _covered(scope, division, sector, organisation)
    return queryset.filter(covered)


def _covered(scope: Scope, division: str, sector: str | None, organisation: str | None) -> Q:
    nothing = Q(pk__in=())
    if scope.role in OF_ORGANISATION:
        is_named = organisation is not None and scope.organisation is not None
        return Q(**{str(organisation): scope.organisation}) if is_named else nothing
    area = Q(**{f"{division}__startswith": scope.division})
    if not scope.sectors:
        return area
    return area & Q(**{f"{sector}__in": sorted(scope.sectors)}) if sector else nothing
