"""What was sent, so that sending it again leads to what the first time made."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from guanxi.kernel.confidentiality import DataClass


class Submission(models.Model):
    """Something that a person sent and that had its effect, under the key that came with it.

    `digest`: of what was sent, "" where the key alone names it; `answer`: what the first sending was answered, stored
    with its effect in one transaction. Kept as long as `upkeep.KEPT`.
    """

    data_class = DataClass.C2

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    answer = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_submission_per_key")]
