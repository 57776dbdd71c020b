"""The ledger takes new rows and nothing else."""

from django.db import migrations

from kefu.core.ledger.triggers import protect


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_events")]

    operations = [migrations.RunPython(protect)]
