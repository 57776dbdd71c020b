from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "kefu.live"
    label = "live"
