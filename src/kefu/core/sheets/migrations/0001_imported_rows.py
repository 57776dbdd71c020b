from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
            ],
        ),
    ]
