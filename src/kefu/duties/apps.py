from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "kefu.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # events: declares their kinds; giving: is asked when papers are filed; the others open, follow and withdraw
        from kefu.duties import arrangement, events, following, giving, menu, opening, rounds  # noqa: F401
        from kefu.duties.models import Duty
        from kefu.duties.queries import duties_visible_to
        from kefu.live.words import visible_by

        visible_by(Duty.noun, duties_visible_to)
        menu.offer_entries()
