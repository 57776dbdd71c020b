from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "kefu.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # events: declares their kinds; obeying: carries out what rules set
        from kefu.customers import events, findable, menu, obeying, records  # noqa: F401
        from kefu.customers.views import imports  # noqa: F401  (makes known what workers carry out)

        menu.offer_entries()
        findable.make_findable()
        records.make_known()
