"""Verifications: who looked, at which door, and what came of it. A row names a visit, never a person."""

from django.db import models

from zhuanban.trail.checks.rules import Outcome


class Check(models.Model):
    """One verification (核验). A change of mind is a further row with the next `turn`; the last one counts."""

    visit = models.CharField(max_length=40)  # the visit's id as text; and which person of it
    nth = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)
    is_last = models.BooleanField(default=True)
    door = models.ForeignKey("places.Door", models.PROTECT, related_name="+")
    division = models.CharField(max_length=20, db_index=True)  # these three are the door's, for scope
    sector = models.CharField(max_length=20)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    colour = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, choices=Outcome.choices())
    reason = models.CharField(max_length=60, blank=True)
    by_eye = models.BooleanField(default=False)  # 目视: the provincial code was looked at, ours knew nothing
    in_batch = models.BooleanField(default=False)
    checker = models.CharField(max_length=64)  # By.key of the account, or of the device where no shift names one
    checker_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    purge_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "nth", "turn"], name="check_once")]
        indexes = [models.Index(fields=["door", "at"], name="check_door_time")]
