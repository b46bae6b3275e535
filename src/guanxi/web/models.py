"""What the web kit itself keeps."""

from django.conf import settings
from django.db import models

from guanxi.kernel.confidentiality import DataClass


class Submission(models.Model):
    """A form that was sent: sending the very same form once more leads to what the first time made.

    `token`: random, made with the form; `address`: where the first sending led. Kept two days (see `web.upkeep`).
    """

    data_class = DataClass.C1

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=40)
    address = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "token"], name="one_submission_per_form")]
