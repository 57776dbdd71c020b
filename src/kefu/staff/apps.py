from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "kefu.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.core.work import organisation
        from kefu.staff import events  # noqa: F401  (declares the event kinds)
        from kefu.staff.organisation import LiveOrganisation

        organisation.answered_by(LiveOrganisation)
