from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_visits")]

    operations = [
        migrations.AddField(
            model_name="submission", name="base", field=models.CharField(blank=True, max_length=255)
        ),
        migrations.AddField(
            model_name="submission", name="language", field=models.CharField(default="zh-hans", max_length=10)
        ),
        migrations.AddField(
            model_name="submission", name="told_seq", field=models.BigIntegerField(default=0)
        ),
    ]
