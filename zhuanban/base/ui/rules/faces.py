"""The three faces of the house, told apart by the first part of the address."""

from enum import Enum
from typing import Self

CARE_COOKIE = "care"  # "1": 关怀版, text of 22 px and more for the resident


class Face(Enum):
    """`prefix` of its addresses, the URL name of its first page and of its sign-in."""

    DESK = "/desk/", "desk:today", "accounts:sign_in"
    DOOR = "/door/", "door:screen", "accounts:pin"
    PORTAL = "/", "portal:home", "portal:sign_in"

    def __init__(self, prefix: str, home: str, sign_in: str) -> None:
        self.prefix, self.home, self.sign_in = prefix, home, sign_in

    @classmethod
    def of_path(cls, path: str) -> Self:
        return next(face for face in cls if path.startswith(face.prefix))

    @property
    def word(self) -> str:
        return self.name.lower()
