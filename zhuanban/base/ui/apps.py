from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zhuanban.base.ui"
    label = "ui"
