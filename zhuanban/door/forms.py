"""What a guard scans, types and taps."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhuanban.base.errors import Refusal
from zhuanban.registry.people import rules as people
from zhuanban.trail.checks.rules import Outcome

REASON_CHARS = 60


class ScanForm(forms.Form):
    """A personal code, from the camera, a hand scanner or the keyboard; `id` names the visit before it is made."""

    code = forms.CharField(max_length=200, label=_("扫个人码"), error_messages={"required": _("请扫码，或输入短码")})
    id = forms.CharField(max_length=40, widget=forms.HiddenInput)


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("拍一张码的照片"))
    id = forms.CharField(max_length=40, widget=forms.HiddenInput)


class ManualForm(forms.Form):
    """Somebody without a phone, by any valid ID document."""

    name = forms.CharField(max_length=people.NAME_MAX, label=_("姓名"))
    kind = forms.ChoiceField(choices=[(one.value, _(one.label)) for one in people.DocumentKind], label=_("证件"))
    number = forms.CharField(max_length=30, label=_("证件号码"))
    phone = forms.CharField(max_length=people.PHONE_MAX, required=False, label=_("手机（没有可不填）"))
    id = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at  # ages and dates of birth are judged by it

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        try:
            return people.normalise_phone(typed) if typed else ""
        except Refusal as refusal:
            raise forms.ValidationError(gettext(str(refusal))) from refusal

    def clean(self) -> dict[str, object]:
        data = dict(super().clean() or {})
        if "number" in data and "kind" in data:
            kind, number = people.DocumentKind(data["kind"]), str(data["number"])
            try:
                data["document"] = people.check_document(kind, number, self.at)
            except Refusal as refusal:
                self.add_error("number", gettext(str(refusal)))
        return data


class VerifyForm(forms.Form):
    visit = forms.CharField(max_length=40)
    nth = forms.IntegerField(min_value=0, max_value=20)
    outcome = forms.ChoiceField(choices=Outcome.choices())
    reason = forms.CharField(max_length=REASON_CHARS, required=False)

    def clean_outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])
