from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "zhuanban.demo"
    label = "demo"
