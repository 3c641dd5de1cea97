"""The enumerations of places, and which state a venue may move to."""

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal


class Setting(Choice):
    CLOSED = "CLOSED", "封闭"
    HALF_OPEN = "HALF_OPEN", "半封闭"
    OPEN_AIR = "OPEN_AIR", "露天"


class Unverified(Choice):
    """What 未核验·已记录 means at a door: a county table by venue type (DESIGN §4)."""

    LOOK = "LOOK", "看省健康码后放行"
    ADMIT = "ADMIT", "放行"
    HOLD = "HOLD", "暂候"


class Sector(Choice):
    """The industry department that answers for a kind of venue (行业主管部门监管责任)."""

    HEALTH = "health", "卫生健康"
    TRANSPORT = "transport", "交通运输"
    MARKET = "market", "市场监管"
    COMMERCE = "commerce", "商务"
    CULTURE = "culture", "文化和旅游"
    EDUCATION = "education", "教育"
    SPORTS = "sports", "体育"
    HOUSING = "housing", "住房城乡建设"
    FINANCE = "finance", "金融"
    INDUSTRY = "industry", "工业和信息化"
    GOVERNMENT = "government", "机关事务"
    POST = "post", "邮政"
    CIVIL = "civil", "民政"
    OTHER = "other", "其他"


class VenueState(Choice):
    PENDING = "PENDING", "待审核"
    ACTIVE = "ACTIVE", "在用"
    SUSPENDED = "SUSPENDED", "停用"
    CLOSED = "CLOSED", "已注销"


class DoorKind(Choice):
    DOOR = "DOOR", "门"
    ZONE = "ZONE", "区"
    VEHICLE = "VEHICLE", "车辆"


class Change(Choice):
    """What the gate must read again after a change of the snapshot."""

    DOOR = "door", "门"
    PERSON = "person", "人"
    ORDER = "order", "命令"


LIVE = VenueState.ACTIVE  # the only state in which a venue's doors let anybody scan

MOVES = {
    VenueState.PENDING: frozenset({VenueState.ACTIVE, VenueState.CLOSED}),
    VenueState.ACTIVE: frozenset({VenueState.SUSPENDED, VenueState.CLOSED}),
    VenueState.SUSPENDED: frozenset({VenueState.ACTIVE, VenueState.CLOSED}),
    VenueState.CLOSED: frozenset[VenueState](),
}


class ForbiddenMove(Refusal):
    """The venue's state does not allow that."""

    code = "FORBIDDEN_MOVE"


def check_move(old: VenueState, new: VenueState) -> None:
    """Raises: ForbiddenMove."""
    if new not in MOVES[old]:
        raise ForbiddenMove("场所现在的状态不允许这样改，请刷新页面再看")
