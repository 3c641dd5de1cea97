"""What a colour must carry, and who may set it: evidence, an end, and by hand a second person."""

from datetime import datetime, timedelta

from zhuanban.base.errors import Forbidden, Refusal
from zhuanban.trail.status.rules.deciding import Colour

HAND_CEILING = timedelta(days=14)  # a colour set by hand ends by then; county-set, the table holds to it too
FACT_CEILING = timedelta(days=28)  # any colour does: who still means it says it again; the table holds to it too
CORRECTION_ANSWER = timedelta(hours=24)  # to answer who says that a colour is wrong (纠错); county-set
REASON_MIN = 4  # characters of a reason or an answer: shorter says nothing
EVIDENCE_MIN = 4  # characters: a document or case number
ISSUER_MIN = 2  # characters of who has decided
CORRECTION_MAX = 500  # characters


class TooLong(Refusal):
    code = "COLOUR_TOO_LONG"
    status = 422


class NoEvidence(Refusal):
    code = "COLOUR_WITHOUT_EVIDENCE"
    status = 422


class NotByHand(Refusal):
    """Nobody proposes 未核验: it is what is left when nothing is known."""

    code = "NO_SUCH_COLOUR"
    status = 422


class SamePerson(Forbidden):
    code = "SECOND_PERSON_NEEDED"


class AlreadyDecided(Refusal):
    code = "ALREADY_DECIDED"


def check_fact(*, colour: Colour, reason: str, issuer: str, evidence: str) -> None:
    """What every colour must carry, whoever sets it.

    Raises: NotByHand, NoEvidence.
    """
    if colour is Colour.UNVERIFIED:
        raise NotByHand("颜色只能是绿码、黄码或红码")
    needed = ((evidence, EVIDENCE_MIN), (reason, REASON_MIN), (issuer, ISSUER_MIN))
    if any(len(words.strip()) < shortest for words, shortest in needed):
        raise NoEvidence("要写明谁定的、理由和证据（文书号、判定编号或消息编号）")


def check_span(from_at: datetime, until_at: datetime, *, ceiling: timedelta) -> None:
    """Raises: TooLong."""
    if not from_at < until_at <= from_at + ceiling:
        raise TooLong(f"截止时间要在开始之后，最多 {ceiling.days} 天；还需要时再定一次")


def check_second(first: str, second: str) -> None:
    """Two identities, not two accounts.

    Raises: SamePerson.
    """
    if first == second:
        raise SamePerson("要另一个人来确认：提出和确认不能是同一个人")


def check_words(text: str, ask: str) -> None:
    """A reason or an answer that says something.

    Raises: NoEvidence.
    """
    if not REASON_MIN <= len(text.strip()) <= CORRECTION_MAX:
        raise NoEvidence(f"{ask}（{REASON_MIN} 到 {CORRECTION_MAX} 个字）")


def correction_due(asked_at: datetime) -> datetime:
    return asked_at + CORRECTION_ANSWER
