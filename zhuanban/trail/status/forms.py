"""What officers type about colours; a fault is said at its field and nothing typed is lost."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhuanban.base.errors import Refusal
from zhuanban.base.spans import COUNTY_TIME, day_of
from zhuanban.registry.people import rules as people
from zhuanban.registry.people.actions.looks import REASON_MIN
from zhuanban.trail.status import rules
from zhuanban.trail.status.rules import Colour

ONE_DAY = timedelta(days=1)
REASON_MAX, EVIDENCE_MAX, ISSUER_MAX, ANSWER_MAX = 120, 120, 60, 200  # characters; source: models.py


class ProposalForm(forms.Form):
    """A colour for whoever holds a document. `at` decides which days may be chosen."""

    name = forms.CharField(label=_("姓名"), max_length=people.NAME_MAX)
    kind = forms.ChoiceField(label=_("证件"))
    number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        help_text=_("认识不认识都一样登记，不显示这个人的任何信息"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    colour = forms.ChoiceField(label=_("颜色"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"),
        min_length=rules.REASON_MIN,
        max_length=REASON_MAX,
        help_text=_("本人会看到，例如：11 月 19 日与病例同乘班车"),
    )
    issuer = forms.CharField(label=_("谁定的"), min_length=rules.ISSUER_MIN, max_length=ISSUER_MAX)
    evidence = forms.CharField(
        label=_("证据"),
        min_length=rules.EVIDENCE_MIN,
        max_length=EVIDENCE_MAX,
        help_text=_("文书号、判定编号或调查编号，没有不能提出"),
    )
    until = forms.DateField(
        label=_("到哪一天 24:00 止"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["kind"].choices = _offered(list(people.DocumentKind))  # type: ignore[attr-defined]
        self.fields["colour"].choices = _offered([Colour.RED, Colour.YELLOW, Colour.GREEN])  # type: ignore[attr-defined]
        self.fields["until"].help_text = gettext("最多 %(n)d 天，还需要时再定一次") % {"n": rules.HAND_CEILING.days}

    def clean_name(self) -> str:
        return str(_said(people.normalise_name, self.cleaned_data["name"]))

    def clean_until(self) -> datetime:
        """The end of the day, never later than the ceiling allows."""
        day: date = self.cleaned_data["until"]
        latest = self.at + rules.HAND_CEILING
        if not day_of(self.at) <= day <= day_of(latest):
            raise ValidationError(gettext("请选今天到 %(day)s 之间的一天") % {"day": day_of(latest).isoformat()})
        return min(datetime.combine(day + ONE_DAY, time.min, COUNTY_TIME), latest)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        kind, number = told.pop("kind", ""), told.pop("number", "")
        if kind and number:
            try:
                told["document"] = people.check_document(people.DocumentKind(kind), number, self.at)
            except Refusal as no:
                self.add_error("number", gettext(str(no)))
        return told

    def proposal(self) -> dict[str, Any]:
        """What `actions.propose` takes."""
        told = dict(self.cleaned_data)
        return told | {"colour": Colour(told["colour"]), "until_at": told.pop("until")}


class RefuseForm(forms.Form):
    answer = forms.CharField(
        label=_("为什么不同意"),
        min_length=rules.REASON_MIN,
        max_length=ANSWER_MAX,
        help_text=_("提出的人会看到"),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("答复"),
        min_length=rules.REASON_MIN,
        max_length=rules.CORRECTION_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("本人会看到。答复不改颜色：平台的颜色由平台更正，人工核定的另行提出"),
    )


class LookForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么要看"),
        min_length=REASON_MIN,
        max_length=100,
        help_text=_("本人会看到是谁、什么时候、为什么看的"),
    )


def _offered(members: list[Any]) -> list[tuple[str, str]]:
    return [(member.value, gettext(member.label)) for member in members]


def _said(check: Any, text: str) -> Any:
    try:
        return check(text)
    except Refusal as no:
        raise ValidationError(gettext(str(no)), code=no.code) from no
