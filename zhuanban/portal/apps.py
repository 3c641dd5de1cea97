from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "zhuanban.portal"
    label = "portal"
