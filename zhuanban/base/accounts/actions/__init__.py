"""Writing accounts, memberships, devices and shifts; and naming to the database for whom something is asked."""

from zhuanban.base.accounts.actions.credentials import WrongLogin, check_login, note_sign_in
from zhuanban.base.accounts.actions.demo import open_demo_account
from zhuanban.base.accounts.actions.devices import (
    Enrolment,
    Invitation,
    enrol_device,
    invite_device,
    revoke_device,
    unlock_device,
)
from zhuanban.base.accounts.actions.grants import AlreadyGranted, add_organisation, join, leave
from zhuanban.base.accounts.actions.scopes import scope_for, system_scope
from zhuanban.base.accounts.actions.shifts import (
    DeviceLocked,
    WrongPin,
    add_checker,
    end_shift,
    open_shift,
    set_pin,
)
from zhuanban.base.accounts.actions.staff import (
    NameTaken,
    Opening,
    WrongCode,
    change_password,
    close_account,
    open_account,
    open_again,
    settle_in,
)

__all__ = [
    "AlreadyGranted",
    "DeviceLocked",
    "Enrolment",
    "Invitation",
    "NameTaken",
    "Opening",
    "WrongCode",
    "WrongLogin",
    "WrongPin",
    "add_checker",
    "add_organisation",
    "change_password",
    "check_login",
    "close_account",
    "end_shift",
    "enrol_device",
    "invite_device",
    "join",
    "leave",
    "note_sign_in",
    "open_account",
    "open_again",
    "open_demo_account",
    "open_shift",
    "revoke_device",
    "scope_for",
    "set_pin",
    "settle_in",
    "system_scope",
    "unlock_device",
]
