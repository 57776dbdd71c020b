from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "kefu.home"
    label = "home"

    def ready(self) -> None:
        from kefu.home import day_menu, record_menu

        day_menu.offer_entries()
        record_menu.offer_entries()
