from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "zhuanban.trail.tracing"
    label = "tracing"
