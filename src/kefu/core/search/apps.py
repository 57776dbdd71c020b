from django.apps import AppConfig
from django.db.backends.signals import connection_created


class SearchConfig(AppConfig):
    name = "kefu.core.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.search import events  # noqa: F401  (declares the event kind)
        from kefu.core.search.schema import prepare

        connection_created.connect(prepare)
