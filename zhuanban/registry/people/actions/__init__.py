"""Writing people, and every look at one. Each verb is one transaction and leaves its audit row inside it."""

from zhuanban.registry.people.actions.entered import adopt_stranger, register_manual
from zhuanban.registry.people.actions.family import (
    add_companion,
    agree_bond,
    ask_bond,
    bind_family,
    decline_bond,
    end_bond,
    withdraw_request,
)
from zhuanban.registry.people.actions.looks import look, masked_many
from zhuanban.registry.people.actions.own import (
    StillNeeded,
    accept_notice,
    change_unit,
    delete_own,
    export_own,
    move_home,
    sign_out_everywhere,
)
from zhuanban.registry.people.actions.purge import purge
from zhuanban.registry.people.actions.residents import (
    Home,
    NoSender,
    OldNotice,
    Proof,
    Sent,
    TooYoung,
    confirm_code,
    register,
    sign_in_code,
)

__all__ = [
    "Home",
    "NoSender",
    "OldNotice",
    "Proof",
    "Sent",
    "StillNeeded",
    "TooYoung",
    "accept_notice",
    "add_companion",
    "adopt_stranger",
    "agree_bond",
    "ask_bond",
    "bind_family",
    "change_unit",
    "confirm_code",
    "decline_bond",
    "delete_own",
    "end_bond",
    "export_own",
    "look",
    "masked_many",
    "move_home",
    "purge",
    "register",
    "register_manual",
    "sign_in_code",
    "sign_out_everywhere",
    "withdraw_request",
]
