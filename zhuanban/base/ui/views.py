"""Two small choices of the reader, kept in cookies; and in the demo the living page of all parts."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from zhuanban.base.errors import NotFound
from zhuanban.base.ui import http
from zhuanban.base.ui.rules import CARE_COOKIE, Moment, Step

YEAR = timedelta(days=365)


@csrf_exempt  # a language is no secret, and the gate's pages, which have no token, offer it too
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """POST `language` (a code of settings.LANGUAGES) and `next`."""
    code = request.POST.get("language", "")
    known = code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return _kept(request, settings.LANGUAGE_COOKIE_NAME, known)


@csrf_exempt
@require_POST
def care(request: HttpRequest) -> HttpResponse:
    """POST `care` (1 or 0) and `next`: 关怀版."""
    return _kept(request, CARE_COOKIE, "1" if request.POST.get("care") == "1" else "0")


@require_GET
def parts(request: HttpRequest) -> HttpResponse:
    """Every part in every state, on one page: what a builder copies from."""
    if not settings.DEMO:
        raise NotFound("没有这一页。")
    at = http.moment()
    steps = [
        Step("拦下", "09:43，东门值守", "done"),
        Step("乡镇接单", "09:47，丹朱镇", "done"),
        Step("点对点转运", "剩 22 分", "near"),
        Step("核对销号", "办的人不能自己销"),
    ]
    moments = [
        Moment(at - timedelta(minutes=2), "转运组", "接到人，上车，全程不换乘"),
        Moment(at - timedelta(minutes=26), "县专班办公室", "看过姓名电话，理由：核对转运", is_look=True),
        Moment(at - timedelta(days=1), "南街网格员", "检查不合格 1 项，当场补打海报"),
    ]
    ends = {"calm": timedelta(hours=7), "near": timedelta(minutes=22), "late": -timedelta(minutes=12)}
    clocks = {tone: at + left + timedelta(seconds=2) for tone, left in ends.items()}
    return http.render_page(request, "ui/parts.html", {"steps": steps, "moments": moments, "clocks": clocks})


def _kept(request: HttpRequest, name: str, value: str) -> HttpResponse:
    """Back to where the reader was, with a cookie that stays a year."""
    back_to = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back_to, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back_to if is_ours else "/")
    response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    return response
