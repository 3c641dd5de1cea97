"""What is printed on doors, and the order under which anybody may scan it."""

from django.db import models


class DoorCode(models.Model):
    """One version of a door's code: what a sheet on the wall says. Reissuing makes a new one, revoking ends one."""

    id = models.BigIntegerField(primary_key=True)  # 63 random bits, inside the token with a MAC
    door = models.ForeignKey("places.Door", models.PROTECT, related_name="codes")
    version = models.PositiveIntegerField()
    short = models.CharField(max_length=8, unique=True)  # B7K4M2Q9, typed when nothing scans
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=64)  # By.key
    revoked_at = models.DateTimeField(null=True)  # final: a trigger holds it
    revoked_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "version"], name="door_code_version_once"),
            models.UniqueConstraint(
                fields=["door"], condition=models.Q(revoked_at__isnull=True), name="door_has_one_live_code"
            ),
        ]


class ScanOrder(models.Model):
    """The registered order (通告/命令) under which scanning runs: no order in force, no scan."""

    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    issuer = models.CharField(max_length=60)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)  # final: a trigger holds it
    ended_by = models.CharField(max_length=64, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("from_at")), name="order_has_an_end")
        ]
