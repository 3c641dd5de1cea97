from django.urls import path

from zhuanban.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("map/", views.county, name="map"),
    path("search", views.search, name="search"),
]
