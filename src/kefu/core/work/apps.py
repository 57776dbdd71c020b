from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "kefu.core.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # they register what acts on work, the reader, and the count of open work
        from kefu.core.work import effects, open_states, reactions  # noqa: F401
