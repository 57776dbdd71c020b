from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "kefu.core.once"
    label = "once"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.once import actions  # noqa: F401  (registers the tick that forgets old answers)
