from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kefu.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import register_converter

        from kefu.documents import drafts, events  # noqa: F401  (declares the tick and the event kinds)
        from kefu.documents.addresses import NumberConverter

        register_converter(NumberConverter, "number")
