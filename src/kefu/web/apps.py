from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kefu.web"
    label = "web"

    def ready(self) -> None:
        from kefu.web import theme

        theme.offer_choices()
