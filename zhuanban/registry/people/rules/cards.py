"""What is sealed in a person's row, and how: bound to the person's id, so that no row can wear another's."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime

from zhuanban.base import ciphers
from zhuanban.registry.people.rules.documents import Document, DocumentKind, age
from zhuanban.registry.people.rules.family import Relation
from zhuanban.registry.people.rules.marks import _
from zhuanban.registry.people.rules.masks import Identity, Masked, mask_name, mask_phone

SEX_DIGIT = 16  # source: GB 11643-1999, the 17th digit is odd for men
DELETED = "已注销"


@dataclass(frozen=True, slots=True)
class Card:
    """A person in clear, as it lies sealed in the table."""

    name: str
    phone: str = ""
    document_kind: str = ""
    document: str = ""
    birth: str = ""  # ISO day
    home: str = ""  # in words, for homes outside the county

    def masked(self, at: datetime | None) -> Masked:
        """`age` only when `at` is told."""
        if self.name == DELETED:
            return Masked(DELETED)
        years = age(date.fromisoformat(self.birth), at) if self.birth and at else None
        return Masked(mask_name(self.name), mask_phone(self.phone), years)

    def identity(self) -> Identity:
        kind = DocumentKind(self.document_kind).label if self.document_kind else ""
        return Identity(self.name, self.phone, self.document, kind)

    def called(self, relation: Relation) -> str:
        """The relation as people say it: 母亲 where the document tells the sex, else 父母."""
        if relation != Relation.PARENT or len(self.document) <= SEX_DIGIT or not self.birth:
            return relation.label
        return _("父亲") if int(self.document[SEX_DIGIT]) % 2 else _("母亲")


def card_of(name: str, *, phone: str = "", document: Document | None = None, home: str = "") -> Card:
    if document is None:
        return Card(name, phone, home=home)
    birth = document.birth.isoformat() if document.birth else ""
    return Card(name, phone, document.kind.value, document.number, birth, home)


def seal_card(card: Card, *, person: uuid.UUID, key: bytes) -> bytes:
    return ciphers.seal(json.dumps(asdict(card), ensure_ascii=False).encode(), key=key, bound_to=person.bytes)


def open_card(sealed: bytes, *, person: uuid.UUID, key: bytes) -> Card:
    """The card, or one that says 已注销 where the row was emptied.

    Raises: ciphers.Unreadable.
    """
    if not sealed:
        return Card(DELETED)
    return Card(**json.loads(ciphers.open_(bytes(sealed), key=key, bound_to=person.bytes)))
