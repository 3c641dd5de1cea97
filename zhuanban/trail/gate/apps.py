from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "zhuanban.trail.gate"
    label = "gate"
