from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kefu.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import register_converter

        from kefu.documents import drafts, events, importing, menu, opening  # noqa: F401  (tick, event kinds, an effect)
        from kefu.documents.addresses import NumberConverter
        from kefu.documents.draft_shown import drafts as drafts_shown
        from kefu.documents.models import Document
        from kefu.documents.queries import documents_visible_to
        from kefu.documents.registers import exporting  # noqa: F401  (makes known what workers carry out)
        from kefu.live.words import visible_by
        from kefu.web.jinja import GLOBALS

        GLOBALS["drafts"] = drafts_shown
        register_converter(NumberConverter, "number")
        visible_by(Document.noun, documents_visible_to)
        menu.offer_entries()
