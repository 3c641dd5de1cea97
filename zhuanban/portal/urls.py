"""The resident's addresses. Nothing here takes a name, a number or an id of anybody but the resident's own family."""

from django.urls import path

from zhuanban.portal.views import data, entrance, family, my, register

app_name = "portal"
urlpatterns = [
    path("", entrance.home, name="home"),
    path("scan", entrance.scan, name="scan"),
    path("notice", entrance.notice, name="notice"),
    path("my/sign-in", entrance.sign_in, name="sign_in"),
    path("my/code", entrance.code, name="code"),
    path("my/code/again", entrance.again, name="code_again"),
    path("my/sign-out", entrance.sign_out, name="sign_out"),
    path("my/register", register.register, name="register"),
    path("my/register/name", register.name, name="register_name"),
    path("my/register/home", register.home, name="register_home"),
    path("my/register/outside", register.outside, name="register_outside"),
    path("my/register/unit", register.unit, name="register_unit"),
    path("my/", my.my, name="my"),
    path("my/notice", my.notice, name="notice_again"),
    path("my/visits", my.visits, name="visits"),
    path("my/looks", my.looks, name="looks"),
    path("my/correction", my.correction, name="correction"),
    path("my/family", family.family, name="family"),
    path("my/family/add", family.add, name="family_add"),
    path("my/family/ask", family.ask, name="family_ask"),
    path("my/family/requests/<int:pk>/agree", family.agree, name="family_agree"),
    path("my/family/requests/<int:pk>/decline", family.decline, name="family_decline"),
    path("my/family/requests/<int:pk>/withdraw", family.withdraw, name="family_withdraw"),
    path("my/family/<int:pk>/end", family.end, name="family_end"),
    path("my/data", data.data, name="data"),
    path("my/data/export", data.export, name="export"),
    path("my/data/home", data.home, name="data_home"),
    path("my/data/outside", data.outside, name="data_outside"),
    path("my/data/unit", data.unit, name="data_unit"),
    path("my/data/sign-out", data.sign_out_everywhere, name="sign_out_everywhere"),
    path("my/data/delete", data.delete, name="delete"),
    path("deleted", data.deleted, name="deleted"),
]
