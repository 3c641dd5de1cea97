"""Setting colours: a feed's word is received, a hand's is proposed by one person and confirmed by another.

There is no third way: the table refuses a fact by hand without two identities, an officer's without its proposal, a
feed's whose issuer is no registered feed, and any change of a fact (migrations/0002).
"""

from zhuanban.trail.status.actions.corrections import AlreadyAsked, answer_correction, ask_correction
from zhuanban.trail.status.actions.feeds import UnknownFeed, Word, hear, open_feed, receive_fact, receive_facts
from zhuanban.trail.status.actions.forgetting import purge
from zhuanban.trail.status.actions.hands import confirm, look, propose, refuse

__all__ = [
    "AlreadyAsked",
    "UnknownFeed",
    "Word",
    "answer_correction",
    "ask_correction",
    "confirm",
    "hear",
    "look",
    "open_feed",
    "propose",
    "purge",
    "receive_fact",
    "receive_facts",
    "refuse",
]
