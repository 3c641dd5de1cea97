from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "zhuanban.trail.keys"
    label = "keys"
