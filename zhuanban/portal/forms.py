"""What residents type. Every check of the domain speaks in its own field."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.portal import queries
from zhuanban.portal import rules as portal
from zhuanban.registry.people import rules

TEXT_MAX = 500  # characters of a request for correction; source: trail.status.models.Correction


T = TypeVar("T")


def offered(kind: type[Choice]) -> list[tuple[str, Any]]:
    """A choice's labels in the language of the page."""
    return [(member.value, gettext_lazy(member.label)) for member in kind]


def said(check: Callable[..., T], *args: object) -> T:
    """What the check gives; its refusal as the field's error."""
    try:
        return check(*args)
    except Refusal as no:
        raise ValidationError(_(str(no)), code=no.code) from no


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": "tel", "maxlength": 20}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        return said(rules.normalise_phone, super().clean(value))


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 40}), **kwargs)

    def clean(self, value: Any) -> str:
        return said(rules.normalise_name, super().clean(value))


class PhoneForm(forms.Form):
    phone = PhoneField(
        label=gettext_lazy("手机号"),
        error_messages={"required": gettext_lazy("请写手机号")},
    )


class CodeForm(forms.Form):
    code = forms.RegexField(
        regex=r"^[0-9]{6}$",
        label=gettext_lazy("6 位验证码"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}),
        error_messages={
            "required": gettext_lazy("请写短信里的 6 位数字"),
            "invalid": gettext_lazy("验证码是 6 位数字"),
        },
    )


class NoticeForm(forms.Form):
    accepted = forms.BooleanField(
        label=gettext_lazy("我已阅读并同意"),
        error_messages={"required": gettext_lazy("请读完后打勾。不同意也可以请门口的人手工登记")},
    )


class DocumentForm(forms.Form):
    """Name and document; the moment decides whether a birth lies in the past."""

    name = NameField(
        label=gettext_lazy("姓名"),
        error_messages={"required": gettext_lazy("请写姓名")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("证件"), choices=offered(rules.DocumentKind))
    number = forms.CharField(
        label=gettext_lazy("证件号码"),
        help_text=gettext_lazy("加密保存，页面上只显示首尾两位"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("请写证件号码")},
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_number(self) -> str:
        number, kind = self.cleaned_data["number"], self.cleaned_data.get("kind")
        if number and kind:
            self.document = said(rules.check_document, rules.DocumentKind(kind), number, self.at)
        return str(number)

    document: rules.Document | None = None


class CompanionForm(DocumentForm):
    """A child or an elder without a phone; the document is optional."""

    relation = forms.ChoiceField(label=gettext_lazy("是您的"), choices=offered(rules.Relation))
    number = forms.CharField(
        label=gettext_lazy("证件号码"),
        help_text=gettext_lazy("写了才能查到健康状态，页面上会显示年龄"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    is_guardian = forms.BooleanField(
        label=gettext_lazy("我是孩子的监护人，同意登记孩子的信息（未满 14 周岁必须勾选）"),
        required=False,
    )
    field_order = ("name", "relation", "kind", "number", "is_guardian")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        relation, birth = told.get("relation"), self.document.birth if self.document else None
        if relation and "number" in told:
            years = rules.age(birth, self.at) if birth else None
            try:
                rules.check_guardian(rules.Relation(relation), years, is_confirmed=told.get("is_guardian", False))
            except rules.GuardianNeeded as no:
                self.add_error("is_guardian", _(str(no)))
        return told


class AskForm(PhoneForm):
    relation = forms.ChoiceField(label=gettext_lazy("是您的"), choices=offered(rules.Relation))


class VillageForm(forms.Form):
    """One tap: the village's code is the button's value."""

    division = forms.CharField(max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not queries.is_village(told.get("division", "")):
            raise ValidationError(_("请从列表里选一个村或社区"))
        return told


class OutsideForm(forms.Form):
    province = forms.ChoiceField(label=gettext_lazy("省（区、市）"), choices=offered(portal.Province))
    words = forms.CharField(
        label=gettext_lazy("市、县和住址"),
        help_text=gettext_lazy("例如：郑州市中原区 建设路 3 号"),
        max_length=80,
        error_messages={"required": gettext_lazy("请写到市、县")},
    )


class UnitForm(forms.Form):
    """One tap: the unit's id, or nothing for no unit."""

    unit = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        unit = told.get("unit")
        if "unit" in self.errors or (unit is not None and not queries.is_unit(unit)):
            raise ValidationError(_("请从列表里选一个单位"))
        return told


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("哪里不对，实际是怎样的"),
        help_text=gettext_lazy("不用写身份证号。有证明的，请写文号或出具单位"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请写清楚哪里不对")},
    )


class DeleteForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("我知道注销后不能恢复"),
        error_messages={"required": gettext_lazy("请先打勾")},
    )
