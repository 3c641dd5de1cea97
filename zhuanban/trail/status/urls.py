from django.urls import path

from zhuanban.trail.status import views

app_name = "status"
urlpatterns = [
    path("", views.index, name="index"),
    path("propose/", views.propose, name="propose"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/", views.proposal, name="proposal"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/look/", views.look, name="look"),
]
