from django.urls import path

from zhuanban.trail.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.index, name="list"),
    path("limits/", views.limits, name="limits"),
    path("<int:pk>/", views.alert, name="alert"),
    path("<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/look/", views.look, name="look"),
]
