"""Where one lives and works: what there is to choose from, and how it is called."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import prefix_of
from zhuanban.base.errors import NotFound
from zhuanban.portal import rules
from zhuanban.registry.people import queries as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Division


def townships() -> QuerySet[Division]:
    return places.townships()


def villages_of(township: str) -> tuple[Division, list[Division]]:
    """A township and its villages and communities; a zone without any is chosen itself. Raises: NotFound."""
    found = townships().filter(code=township).first()
    if found is None:
        raise NotFound(_("没有这个乡镇"))
    return found, list(places.villages(prefix_of(found.code))) or [found]


def is_village(code: str) -> bool:
    """Whether somebody can live there: a village or community of the county, or a zone."""
    return places.villages(code).filter(code=code).exists() or townships().filter(code=code).exists()


def units(words: str) -> list[Organisation]:
    """Units whose name has these words; schools and offices stand before shops. Names of units are public."""
    found = (
        Organisation.objects.filter(name__icontains=words.strip()) if words.strip() else Organisation.objects.none()
    )
    return list(found.order_by("name")[: rules.UNITS_SHOWN])


def is_unit(pk: int) -> bool:
    return Organisation.objects.filter(pk=pk).exists()


def home_words(me: Person) -> str:
    """Where the resident lives, as people say it."""
    province = next((_(one.label) for one in rules.Province if one.value == me.home_division), "")
    if province:
        return f"{province} {people.open_card(me).home}".strip()
    return places.area_name(me.home_division) if me.home_division else ""


def office_phone(me: Person | None) -> tuple[str, str]:
    """(name, telephone) of the nearest office: the resident's township, else the county."""
    township = me.home_division[:9].ljust(12, "0") if me else ""
    near = (township, prefix_of(township), settings.COUNTY, f"{settings.COUNTY}000000")
    rows = Organisation.objects.filter(kind="OFFICE", division__in=near).exclude(phone="").order_by("-division")
    found = rows.first()
    return (found.name, found.phone) if found else ("", "")
