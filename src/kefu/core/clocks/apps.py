from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "kefu.core.clocks"
    label = "clocks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.clocks import events, notices, ticks  # noqa: F401  (declares kinds, registers jobs)
