from django.urls import path

from zhuanban.modules.venues import views

app_name = "venues"
urlpatterns = [
    path("", views.index, name="index"),
    path("add", views.add, name="add"),
    path("suspend", views.suspend_many, name="suspend_many"),
    path("types", views.types, name="types"),
    path("types/add", views.add_type, name="add_type"),
    path("types/<slug:code>", views.change_type, name="change_type"),
    path("<int:pk>", views.venue, name="venue"),
    path("<int:pk>/change", views.change, name="change"),
    path("<int:pk>/doors", views.add_door, name="add_door"),
    path("<int:pk>/posts", views.assign, name="assign"),
    path("<int:pk>/<slug:name>", views.deed, name="deed"),
    path("doors/<int:pk>/<slug:name>", views.door_deed, name="door_deed"),
    path("posts/<int:pk>/end", views.end_post, name="end_post"),
]
