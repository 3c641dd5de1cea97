from django.urls import path

from zhuanban.base.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("roots", views.roots, name="roots"),
]
