"""What the office types about venues; every fault is said at its field and nothing typed is lost."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.errors import Refusal
from zhuanban.registry.places import queries as places
from zhuanban.registry.places import rules
from zhuanban.registry.places.models import Venue, VenueType
from zhuanban.registry.places.rules import (
    BadVenue,
    DoorKind,
    Fault,
    NoUscc,
    PostFacts,
    Sector,
    Setting,
    TypeFacts,
    Unverified,
    VenueFacts,
)

YES, NO = "yes", "no"


def _labels(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, gettext(label)) for value, label in pairs]


class VenueForm(forms.Form):
    """A venue's facts. Fields that are left open follow the type."""

    name = forms.CharField(
        label=_("场所名称"), max_length=rules.MAX_NAME, help_text=_("与营业执照或门头一致，印在海报上")
    )
    type = forms.ChoiceField(label=_("类型"), help_text=_("默认停留、环境和未核验时怎么办，跟着类型走"))
    division = forms.ChoiceField(label=_("村（社区）"))
    address = forms.CharField(
        label=_("地址"), max_length=rules.MAX_ADDRESS, help_text=_("写到路名和门牌，居民在扫码页上靠它认门")
    )
    uscc = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        required=False,
        help_text=_("18 位，照执照填；没有的，在旁边选原因"),
    )
    no_uscc_reason = forms.ChoiceField(label=_("没有代码的原因"), required=False)
    organisation = forms.CharField(
        label=_("所属单位"),
        max_length=80,
        required=False,
        help_text=_("已有的单位写全名；新单位请留空，按场所名登记"),
    )
    opens_at = forms.TimeField(
        label=_("开门"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes_at = forms.TimeField(
        label=_("关门"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("全天营业两项都不填；过零点照写"),
    )
    setting = forms.ChoiceField(label=_("环境"), required=False)
    stay_minutes = forms.IntegerField(
        label=_("默认停留（分）"), required=False, min_value=rules.MIN_STAY, max_value=rules.MAX_STAY
    )
    is_key = forms.ChoiceField(label=_("重点场所"), required=False)
    lon = forms.FloatField(label=_("经度"), required=False, help_text=_("度，WGS84；没有测过请留空"))
    lat = forms.FloatField(label=_("纬度"), required=False)
    doors = forms.CharField(
        label=_("门"),
        required=False,
        initial="正门",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一门一码：每行一个门，如“正门”“后门”"),
    )

    def __init__(self, data: QueryDict | None = None, *, by: By, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.by = by
        as_type = ("", gettext("按类型"))
        self._offer("type", [("", "—"), *((one.code, one.name) for one in places.types())])
        self._offer("division", [("", "—"), *_places_of(by)])
        self._offer("no_uscc_reason", [("", gettext("有代码")), *_labels(NoUscc.choices())])
        self._offer("setting", [as_type, *_labels(Setting.choices())])
        for field, words in (
            ("name", Fault.NAME.label),
            ("type", Fault.NO_TYPE.label),
            ("division", Fault.NO_DIVISION.label),
            ("address", Fault.ADDRESS.label),
        ):
            self.fields[field].error_messages["required"] = gettext(words)
        self._offer("is_key", [as_type, (YES, gettext("是")), (NO, gettext("否"))])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def clean_organisation(self) -> Organisation | None:
        name = self.cleaned_data["organisation"].strip()
        if not name:
            return None
        found = list(places.organisations(self.by).filter(name=name)[:2])
        if len(found) != 1:
            raise forms.ValidationError(gettext(Fault.ORGANISATION.label))
        return found[0]

    def clean_doors(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["doors"].splitlines() if line.strip()] or ["正门"]

    def clean(self) -> None:
        """The domain's own checks at once, so that nobody is told of a second fault only after mending the first."""
        try:
            rules.check_venue(self.facts())
        except BadVenue as refusal:
            self.refuse(refusal)

    def facts(self) -> VenueFacts:
        """What was typed; a field that could not be read is left out."""
        data = self.cleaned_data
        setting, is_key = data.get("setting"), data.get("is_key")
        typed: dict[str, Any] = {
            name: data.get(name) for name in ("opens_at", "closes_at", "stay_minutes", "lon", "lat")
        }
        words = {name: data.get(name, "") for name in ("type", "division", "no_uscc_reason")}
        return VenueFacts(
            name=data.get("name", ""),
            address=data.get("address", ""),
            uscc=rules.clean_uscc(data.get("uscc", "")),
            setting=Setting(setting) if setting else None,
            is_key=is_key == YES if is_key else None,
            **words,
            **typed,
        )

    def refuse(self, refusal: Refusal) -> None:
        """Say at its field what the domain found wrong, unless something is said there already."""
        if isinstance(refusal, BadVenue):
            for fault in refusal.faults:
                if not self.has_error(fault.field):
                    self.add_error(fault.field, gettext(fault.label))
        else:
            self.add_error("doors" if "doors" in self.fields else None, gettext(str(refusal)))


class ChangeForm(VenueForm):
    """The same facts of a venue that stands; its unit and doors are changed elsewhere."""

    organisation = None  # type: ignore[assignment]
    doors = None  # type: ignore[assignment]

    def __init__(self, data: QueryDict | None = None, *, by: By, venue: Venue) -> None:
        own = {name: getattr(venue, name) for name in VenueFacts.__slots__ if name != "type"}
        initial = {**own, "type": venue.type_id, "is_key": YES if venue.is_key else NO}
        super().__init__(data, by=by, initial=initial)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=rules.MAX_REASON, help_text=_("会留在这个场所的经过里"))


class DoorForm(forms.Form):
    name = forms.CharField(label=_("门的名称"), max_length=rules.MAX_DOOR_NAME)
    kind = forms.ChoiceField(label=_("是什么"), initial=DoorKind.DOOR)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = _labels(DoorKind.choices())  # type: ignore[attr-defined]

    def clean_kind(self) -> DoorKind:
        return DoorKind(self.cleaned_data["kind"])


class PostForm(forms.Form):
    """Who serves where, from when."""

    account = forms.TypedChoiceField(label=_("谁"), coerce=int, help_text=_("本单位成员和本村网格员"))
    role = forms.ChoiceField(label=_("做什么"))
    door = forms.TypedChoiceField(label=_("哪个门"), coerce=int, empty_value=None, required=False)
    shift = forms.CharField(label=_("班次"), max_length=40, required=False, help_text=_("如 07:30–14:00"))
    from_day = forms.DateField(label=_("到岗"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: QueryDict | None = None, *, venue: Venue, today: date) -> None:
        super().__init__(data, initial={"from_day": today})
        self._offer("account", [(one.pk, one.label) for one in places.candidates(venue)])
        self._offer("role", [(role.value, gettext(role.label)) for role in rules.POSTS])
        doors = venue.doors.order_by("pk").values_list("pk", "name")
        self._offer("door", [("", gettext("整个场所")), *doors])

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> PostFacts:
        data = self.cleaned_data
        return PostFacts(
            account=data["account"],
            role=Role(data["role"]),
            door=data["door"],
            shift=data["shift"],
            from_day=data["from_day"],
        )


class TypeForm(forms.Form):
    """What the county sets for a kind of venue."""

    name = forms.CharField(label=_("名称"), max_length=rules.MAX_TYPE_NAME)
    sector = forms.ChoiceField(label=_("行业主管部门"))
    setting = forms.ChoiceField(label=_("环境"))
    stay_minutes = forms.IntegerField(
        label=_("默认停留（分）"),
        min_value=rules.MIN_STAY,
        max_value=rules.MAX_STAY,
        help_text=_("只有进没有出时用它估计"),
    )
    unverified = forms.ChoiceField(label=_("未核验时"), help_text=_("门口看到“未核验·已记录”时怎么办"))
    is_key = forms.BooleanField(label=_("重点场所"), required=False)
    is_medical = forms.BooleanField(label=_("医疗场所"), required=False, help_text=_("红码、黄码引导就诊，不得劝返"))

    def __init__(self, data: QueryDict | None = None, *, type_: VenueType | None = None) -> None:
        held = {name: getattr(type_, name) for name in TypeFacts.__slots__} if type_ else {}
        super().__init__(data, initial=held)
        for name, choice in (("sector", Sector), ("setting", Setting), ("unverified", Unverified)):
            self.fields[name].choices = _labels(choice.choices())  # type: ignore[attr-defined]

    def facts(self) -> TypeFacts:
        data = self.cleaned_data
        return TypeFacts(
            name=data["name"],
            sector=Sector(data["sector"]),
            setting=Setting(data["setting"]),
            stay_minutes=data["stay_minutes"],
            unverified=Unverified(data["unverified"]),
            is_key=data["is_key"],
            is_medical=data["is_medical"],
        )


def _places_of(by: By) -> list[tuple[str, list[tuple[str, str]]]]:
    """The villages and communities where `by` may add a venue, under their townships."""
    reach = tuple(scope.division for scope in by.scopes_of(*rules.MAY_MANAGE))
    names = {town.code[:9]: town.display for town in places.townships()}
    groups: dict[str, list[tuple[str, str]]] = {}
    for village in places.villages():
        if village.code.startswith(reach):
            groups.setdefault(names.get(village.code[:9], ""), []).append((village.code, village.display))
    return list(groups.items())
