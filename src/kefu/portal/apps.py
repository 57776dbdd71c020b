from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "kefu.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.portal import actions, events, news, sending  # noqa: F401  (declares, reads the ledger, sends)
