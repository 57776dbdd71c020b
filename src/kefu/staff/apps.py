from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "kefu.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.staff import account_menu, events, telling  # noqa: F401  (declares the event kinds)
        from kefu.staff.devices import device
        from kefu.staff.views import imports  # noqa: F401  (makes known what workers carry out)
        from kefu.web.jinja import FILTERS

        FILTERS["device"] = device
        telling.connect()
        account_menu.offer_entries()
