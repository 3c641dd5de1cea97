from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "zhuanban.registry.places"
    label = "places"
