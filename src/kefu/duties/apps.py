from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "kefu.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.duties import events, opening  # noqa: F401  (declares the event kinds, opens what rules ask for)
        from kefu.duties.models import Duty
        from kefu.duties.queries import duties_visible_to
        from kefu.live.words import visible_by

        visible_by(Duty.noun, duties_visible_to)
