"""Pseudonyms: a person's name for one day, and back, for whoever holds that day's key."""

from zhuanban.base import ciphers


def who(person: bytes, *, key: bytes) -> bytes:
    """The person's 16 bytes in the store on the day of this key."""
    return ciphers.block(person, key=key)


def person_of(who: bytes, *, key: bytes) -> bytes:
    return ciphers.unblock(who, key=key)
