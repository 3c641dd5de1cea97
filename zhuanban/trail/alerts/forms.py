"""What is typed about an alert; a fault is said at its field and nothing typed is lost."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhuanban.registry.people.actions.looks import REASON_MIN
from zhuanban.trail.alerts import rules
from zhuanban.trail.alerts.rules import Kind, Limits, Move

REASON_MAX = 100  # characters


class AcknowledgeForm(forms.Form):
    note = forms.CharField(
        label=_("先做了什么"),
        required=False,
        max_length=rules.NOTE_MAX,
        help_text=_("例如：已打电话，让在门外等候区等"),
    )


class HandOverForm(forms.Form):
    to = forms.CharField(
        label=_("转交给谁"),
        min_length=rules.NOTE_MIN,
        max_length=rules.TO_MAX,
        help_text=_("例如：丹朱镇卫生院 护士站，写岗位，不写姓名"),
        error_messages={"required": _("请写明交给了谁")},
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=rules.NOTE_MAX)


class CloseForm(forms.Form):
    note = forms.CharField(
        label=_("核对的结果"),
        min_length=rules.NOTE_MIN,
        max_length=rules.NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("人到了哪里，谁接的，场所是否消毒"),
        error_messages={"required": _("请写明核对的结果")},
    )


class LookForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么要看"),
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        help_text=_("本人会看到是谁、什么时候、为什么看的"),
        error_messages={"required": _("请写明为什么要看，本人会看到")},
    )


MOVES: dict[Move, type[forms.Form]] = {
    Move.ACKNOWLEDGE: AcknowledgeForm,
    Move.HAND_OVER: HandOverForm,
    Move.CLOSE: CloseForm,
}


class LimitsForm(forms.Form):
    """The county's six clocks, in minutes: fields `RED_ACKNOWLEDGE` and so on."""

    def __init__(self, *args: object, limits: Limits, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        longest = int(rules.LIMIT_MAX.total_seconds() // 60)
        for kind in Kind:
            for step in rules.STEPS:
                self.fields[f"{kind}_{step}"] = forms.IntegerField(
                    label=gettext(step.label),
                    min_value=1,
                    max_value=longest,
                    initial=int(limits[kind, step].total_seconds() // 60),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                    help_text=gettext("分钟"),
                )

    def kinds(self) -> list[tuple[Kind, list[forms.BoundField]]]:
        """The fields in two groups, by the colour they are for."""
        return [(kind, [self[f"{kind}_{step}"] for step in rules.STEPS]) for kind in Kind]

    def minutes(self) -> dict[tuple[Kind, Move], int]:
        return {(kind, step): self.cleaned_data[f"{kind}_{step}"] for kind in Kind for step in rules.STEPS}
