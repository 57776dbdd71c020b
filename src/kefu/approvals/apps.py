from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "kefu.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # events: declares their kinds; the others open what rules ask for and keep the chain up to date
        from kefu.approvals import events, keeping, menu, opening  # noqa: F401
        from kefu.approvals.models import Approval
        from kefu.approvals.queries import approvals_visible_to
        from kefu.live.words import visible_by

        menu.offer_entries()
        visible_by(Approval.noun, approvals_visible_to)
