from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "zhuanban.trail.visits"
    label = "visits"
