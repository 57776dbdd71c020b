from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "kefu.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.duties import events, opening  # noqa: F401  (declares the event kinds, opens what rules ask for)
