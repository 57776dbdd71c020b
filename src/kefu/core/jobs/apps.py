from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kefu.core.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.jobs import ticks  # noqa: F401  (registers the ticks of the core)
