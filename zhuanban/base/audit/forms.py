"""The filter of the auditor's list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from zhuanban.base.audit.queries import Wanted


class FilterForm(forms.Form):
    """What is wrong in the address is left out, and said."""

    verb = forms.CharField(
        label=_("动作"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "verbs"})
    )
    actor = forms.CharField(label=_("操作人编号"), max_length=64, required=False)
    subject = forms.RegexField(
        r"^[0-9a-fA-F]{32}$",
        label=_("人员编号"),
        required=False,
        error_messages={"invalid": _("人员编号是 32 位十六进制数")},
    )
    target = forms.CharField(label=_("对象"), max_length=80, required=False)
    before = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        names = ("verb", "actor", "subject", "target")
        return Wanted(**{name: said.get(name, "") for name in names}, before=said.get("before"))
