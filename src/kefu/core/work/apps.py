from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "kefu.core.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.work import effects, reactions  # noqa: F401  (registers what acts on work, and the reader)
