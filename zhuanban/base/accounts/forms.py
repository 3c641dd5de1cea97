"""What people type about accounts and devices."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from zhuanban.base.accounts.models import Account, Organisation
from zhuanban.base.accounts.rules import Grant, OrganisationKind, Role

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9]{6}", "maxlength": "6"}
_PIN = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}
_NEW = {"autocomplete": "new-password"}


def _code() -> forms.RegexField:
    return forms.RegexField(
        r"^\d{6}$",
        label=_("验证码"),
        help_text=_("手机验证器上的 6 位数字，30 秒换一个"),
        widget=forms.TextInput(attrs=_CODE),
        error_messages={"invalid": _("验证码是 6 位数字")},
    )


def _pin(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=6, widget=forms.PasswordInput(attrs=_PIN))


class SecretForm(forms.Form):
    """Asks for a password, which is never sent back to the page."""

    def show_password(self) -> None:
        """Only the demo fills one in."""
        self.fields["password"].widget.render_value = True


class SignInForm(SecretForm):
    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = _code()


class AgainForm(SecretForm):
    """Password and code once more. Its prefix keeps it apart from what is held of the form it interrupts."""

    prefix = "again"
    password = forms.CharField(
        label=_("密码"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = _code()


class NewPasswordForm(forms.Form):
    """A password for `account`, twice."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=200,
        widget=forms.PasswordInput(attrs=_NEW),
        help_text=_("至少 10 个字符，不要用常见的词"),
    )
    once_more = forms.CharField(label=_("再输一遍"), max_length=200, widget=forms.PasswordInput(attrs=_NEW))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("password") and said.get("once_more") and said["password"] != said["once_more"]:
            self.add_error("once_more", _("两遍不一样"))
        return said


class WelcomeForm(NewPasswordForm):
    code = _code()


class PinForm(forms.Form):
    """Who stands here, and the PIN."""

    account = forms.TypedChoiceField(label=_("今天谁值守"), coerce=int, widget=forms.RadioSelect)
    pin = _pin(_("PIN"))

    def __init__(self, *args: Any, people: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [(one.pk, one.label) for one in people]  # type: ignore[attr-defined]


class NewPinForm(forms.Form):
    pin = _pin(_("新 PIN"))
    once_more = _pin(_("再输一遍"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("pin") and said.get("once_more") and said["pin"] != said["once_more"]:
            self.add_error("once_more", _("两遍不一样"))
        return said


class FieldDeviceForm(forms.Form):
    """A device without a door: for a grid worker's area."""

    label = forms.CharField(label=_("设备名称"), max_length=60, help_text=_("例如：鲍店村网格员手机"))
    division = forms.RegexField(
        r"^\d{6,12}[0-9A-Za-z.-]{0,8}$",
        label=_("区划代码"),
        help_text=_("网格、村或乡镇的代码，在您的辖区以内"),
        error_messages={"invalid": _("区划代码是 6 到 12 位数字")},
    )


class CheckerForm(forms.Form):
    """Somebody new at the doors of one of `places`."""

    organisation = forms.TypedChoiceField(label=_("单位"), coerce=int)
    label = forms.CharField(label=_("岗位称呼"), max_length=60, help_text=_("写岗位，不写姓名，例如：东门早班"))
    pin = _pin(_("第一个 PIN"))

    def __init__(self, *args: Any, places: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(one.pk, one.name) for one in places]  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,39}$",
        label=_("登录名"),
        help_text=_("小写字母开头，3 到 40 个字母、数字、点或横线"),
        error_messages={"invalid": _("只能用小写字母、数字、点和横线，字母开头")},
    )
    label = forms.CharField(label=_("岗位称呼"), max_length=60, help_text=_("代替姓名显示，例如：鲍店镇专班 值班员"))
    identity = forms.CharField(
        label=_("本人编号"), max_length=60, help_text=_("工号。同一个人的几个账号填同一个：申请和审批不能是同一人")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), min_length=2, max_length=200)


class GrantForm(forms.Form):
    organisation = forms.TypedChoiceField(label=_("单位"), coerce=int)
    role = forms.ChoiceField(label=_("角色"), choices=[(one.value, _(one.label)) for one in Role])
    division = forms.RegexField(
        r"^\d{0,12}[0-9A-Za-z.-]{0,8}$",
        label=_("区划前缀"),
        required=False,
        help_text=_("县 6 位，乡镇 9 位，村 12 位；系统、安全、审计员不填"),
        error_messages={"invalid": _("区划前缀是数字")},
    )
    sectors = forms.CharField(
        label=_("行业"), required=False, max_length=200, help_text=_("行业代码，用逗号分开；不填是全部")
    )

    def __init__(self, *args: Any, places: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(one.pk, one.name) for one in places]  # type: ignore[attr-defined]

    def grant(self) -> Grant:
        said = self.cleaned_data
        sectors = tuple(part for part in said["sectors"].replace("，", ",").replace(" ", "").split(",") if part)
        return Grant(Role(said["role"]), said["division"], sectors)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=[(one.value, _(one.label)) for one in OrganisationKind])
    division = forms.RegexField(
        r"^\d{12}$", label=_("区划代码"), error_messages={"invalid": _("区划代码是 12 位数字")}
    )
    phone = forms.CharField(label=_("值班电话"), max_length=20, required=False)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
