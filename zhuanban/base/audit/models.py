"""The log of changes and looks: rows are chained by hash and never changed; see migrations for the triggers."""

from django.db import models


class Entry(models.Model):
    """One change, or one look at personal data (审计记录)."""

    seq = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without gaps
    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=64, db_index=True)
    actor_label = models.CharField(max_length=120)
    verb = models.CharField(max_length=40, db_index=True)  # people.look, alerts.acknowledge …
    subject = models.CharField(max_length=64, blank=True, db_index=True)  # the person looked at or changed, as hex
    target = models.CharField(max_length=80, blank=True, db_index=True)  # the row: "alert:17"
    reason = models.CharField(max_length=200, blank=True)
    is_look = models.BooleanField(default=False)  # committed before anything was deciphered
    detail = models.JSONField(default=dict)  # never personal data in clear
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)


class Root(models.Model):
    """The state of the chain at one moment, published: with the count inside, as RFC 6962 does."""

    count = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
