from django.apps import AppConfig
from django.db.models import Q


class CasesConfig(AppConfig):
    name = "kefu.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kefu.cases import (  # noqa: F401  (event kinds, what rules ask for, what readers and ticks do)
            assigning,
            events,
            findable,
            following,
            menu,
            opening,
            outgoing,
        )
        from kefu.cases.models import Case
        from kefu.cases.queries import cases_visible_to
        from kefu.cases.views import exporting  # noqa: F401  (makes known what workers carry out)
        from kefu.customers.openness import about_by
        from kefu.live.words import visible_by

        menu.offer_entries()
        findable.make_findable()
        visible_by(Case.noun, cases_visible_to)
        about_by(Case.noun)(lambda ids: Q(customer__in=ids))
