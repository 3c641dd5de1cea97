from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "zhuanban.door"
    label = "door"
