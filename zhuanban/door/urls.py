from django.urls import path

from zhuanban.door import views

app_name = "door"
urlpatterns = [
    path("", views.screen, name="screen"),
    path("scan", views.scan, name="scan"),
    path("photo", views.photo, name="photo"),
    path("manual", views.manual, name="manual"),
    path("verify", views.verify, name="verify"),
    path("greens", views.greens, name="greens"),
]
