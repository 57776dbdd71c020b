from django.apps import AppConfig


class VersionsConfig(AppConfig):
    name = "kefu.core.versions"
    label = "versions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.versions import events  # noqa: F401  (declares the event kinds)
