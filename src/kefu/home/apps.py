from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "kefu.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.home import board_menu, day_menu, events, record_menu  # noqa: F401  (events: declares its kinds)

        day_menu.offer_entries()
        record_menu.offer_entries()
        board_menu.offer_entries()
