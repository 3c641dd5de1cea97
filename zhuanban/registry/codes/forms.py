"""What the office types: an order, and the reason of a deed that cannot be undone."""

from django import forms
from django.utils.translation import gettext_lazy as _


class _Moment(forms.DateTimeInput):
    """The browser's own picker for a day and a time, in county time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class OrderForm(forms.Form):
    number = forms.CharField(label=_("文号"), max_length=60, help_text=_("例：长疫指〔2026〕12号"))
    title = forms.CharField(label=_("名称"), max_length=120)
    issuer = forms.CharField(label=_("发布机关"), max_length=60)
    from_at = forms.DateTimeField(label=_("开始时间"), widget=_Moment())
    until_at = forms.DateTimeField(
        label=_("截止时间"), widget=_Moment(), help_text=_("到点扫码自动停止；要延长，另登记一份")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=100, widget=forms.Textarea(attrs={"rows": 2}))
