from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "kefu.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.cases import events, menu, opening  # noqa: F401  (declares the event kinds, opens what rules ask for)

        menu.offer_entries()
