from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhuanban.registry.people"
    label = "people"
