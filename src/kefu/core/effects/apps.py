from django.apps import AppConfig


class EffectsConfig(AppConfig):
    name = "kefu.core.effects"
    label = "effects"
    default_auto_field = "django.db.models.BigAutoField"
