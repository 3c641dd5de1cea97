from django.urls import path

from zhuanban.base.accounts.views import admin, devices, door, own, sign

app_name = "accounts"
urlpatterns = [
    path("", sign.sign_in, name="sign_in"),
    path("out", sign.sign_out, name="sign_out"),
    path("again", sign.again, name="again"),
    path("welcome/<str:secret>", sign.welcome, name="welcome"),
    path("home", own.home, name="home"),
    path("me", own.me, name="me"),
    path("me/password", own.password, name="password"),
    path("me/pin", own.pin, name="own_pin"),
    path("device/<str:secret>", door.enrol, name="enrol"),
    path("pin", door.pin, name="pin"),
    path("pin/first", door.first_pin, name="first_pin"),
    path("pin/end", door.end_shift, name="end_shift"),
    path("devices", devices.devices, name="devices"),
    path("devices/new", devices.invite, name="invite"),
    path("devices/field", devices.invite_field, name="invite_field"),
    path("devices/<int:pk>/qr", devices.qr, name="qr"),
    path("devices/<int:pk>/renew", devices.renew, name="renew"),
    path("devices/<int:pk>/revoke", devices.revoke, name="revoke"),
    path("devices/<int:pk>/unlock", devices.unlock, name="unlock"),
    path("checkers/new", devices.add_checker, name="add_checker"),
    path("checkers/<int:pk>/pin", devices.checker_pin, name="checker_pin"),
    path("accounts", admin.accounts, name="accounts"),
    path("accounts/new", admin.new, name="new"),
    path("accounts/<int:pk>", admin.account, name="account"),
    path("accounts/<int:pk>/close", admin.close, name="close"),
    path("accounts/<int:pk>/again", admin.open_again, name="open_again"),
    path("accounts/<int:pk>/grant", admin.grant, name="grant"),
    path("grants/<int:pk>/end", admin.end_grant, name="end_grant"),
    path("organisations", admin.organisations, name="organisations"),
]
