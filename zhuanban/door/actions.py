"""What a guard's phone does: every entry goes through the gate, every decision becomes a verification."""

import io
import secrets
from datetime import datetime

import zxingcpp
from django.conf import settings
from PIL import Image, UnidentifiedImageError

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By
from zhuanban.base.errors import Refusal
from zhuanban.base.spans import day_of
from zhuanban.door import queries
from zhuanban.registry.codes import rules as codes
from zhuanban.registry.people import actions as people
from zhuanban.registry.people.rules import Document
from zhuanban.trail.checks import actions as checks
from zhuanban.trail.checks.models import Check
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.gate import queries as gate
from zhuanban.trail.visits.rules import RANDOM_SIZE, Via, VisitId, write_id

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
PHOTO_PIXELS = 24_000_000  # a phone's camera; larger pictures are refused before they are decoded


class NoCodeInPhoto(Refusal):
    code = "NO_CODE_IN_PHOTO"
    status = 422


class NotAPicture(Refusal):
    code = "NOT_A_PICTURE"
    status = 422


def new_id(at: datetime) -> str:
    """A name for the next visit, put into the page before it is sent: sent twice, it is one visit."""
    return write_id(VisitId(day_of(at), secrets.token_bytes(RANDOM_SIZE)))


def admit_code(*, by: By, text: str, visit: str, at: datetime) -> str:
    """Enter whoever shows this personal code; returns the key of the new line.

    Raises: UnknownCode, CodeExpired, GateDown and what the gate refuses.
    """
    door = queries.door_of(by)
    person = codes.read_personal(text.strip(), at=at, key=ciphers.key("shared/codes"))
    gate.enter(door=door.pk, people=[person], via=Via.DOOR, visit=visit)
    return f"{visit}.0"


def admit_by_document(*, by: By, name: str, document: Document, phone: str, visit: str, at: datetime) -> str:
    """Enter somebody without a phone, by a document that the guard has seen. Raises: GateDown and its refusals."""
    door = queries.door_of(by)
    person = people.register_manual(by=by, name=name, document=document, phone=phone, at=at)
    gate.enter(door=door.pk, people=[person.pk.bytes], via=Via.MANUAL, visit=visit)
    return f"{visit}.0"


def verify(*, by: By, visit: str, nth: int, outcome: Outcome, reason: str, at: datetime) -> Check:
    """Raises: NotFound, NotOffered, AlreadyChecked, GateDown."""
    door, seen = queries.seen(by, visit=visit, nth=nth, at=at)
    return checks.verify(by=by, door=door, seen=seen, outcome=outcome, reason=reason, at=at)


def verify_greens(*, by: By, at: datetime) -> list[Check]:
    """One tap for every green on the screen that nobody has verified; never another colour. Raises: GateDown."""
    screen = queries.screen(by, at=at)
    greens = [checks.Seen(line.arrival.visit, line.arrival.nth, line.arrival.colour) for line in screen.greens]
    return checks.verify_batch(by=by, door=screen.door, seen=greens, at=at)


def read_photo(photo: bytes) -> str:
    """The text of the code in a picture, decoded in memory and forgotten.

    Raises:
        NotAPicture: these bytes are no picture, or too large a one.
        NoCodeInPhoto: there is a picture, and no code in it.
    """
    if len(photo) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise NotAPicture("照片太大，请离近一些再拍")
    try:
        with Image.open(io.BytesIO(photo)) as opened:
            if opened.width * opened.height > PHOTO_PIXELS:
                raise NotAPicture("照片太大，请离近一些再拍")
            grey = opened.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPicture("这不是照片，请用相机拍一张") from error
    for found in zxingcpp.read_barcodes(grey, formats=QR):
        return str(found.text)
    raise NoCodeInPhoto("照片里没有找到码：请对准、靠近、避开反光，或输入短码")
