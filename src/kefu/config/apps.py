from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "kefu.config"
    label = "config"
