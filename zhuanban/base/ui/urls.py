from django.urls import path

from zhuanban.base.ui import views

app_name = "ui"
urlpatterns = [
    path("language", views.language, name="language"),
    path("care", views.care, name="care"),
    path("parts", views.parts, name="parts"),
]
