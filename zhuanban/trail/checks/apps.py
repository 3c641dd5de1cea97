from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "zhuanban.trail.checks"
    label = "checks"
