"""Staff accounts, the organisations they serve, and the devices at doors."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from zhuanban.base.accounts.rules import Role


class Organisation(models.Model):
    """A unit: government office, department, village, shop, school, bank (单位)."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)  # OFFICE, DEPARTMENT, VILLAGE, VENUE, SCHOOL, ENTERPRISE, BANK …
    division = models.CharField(max_length=20, db_index=True)
    phone = models.CharField(max_length=20, blank=True)  # the unit's duty telephone, public
    uscc = models.CharField(max_length=18, blank=True)  # 统一社会信用代码


class Account(AbstractBaseUser):
    """A staff member's sign-in. Names a role at a screen; the human behind it is `identity`."""

    username = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=60)  # 鲍店镇值班员; shown instead of a name
    identity = models.CharField(max_length=64, db_index=True)  # one human may hold several accounts
    is_active = models.BooleanField(default=True)
    last_seen_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()


class Membership(models.Model):
    """What an account may do and how far it may see (role × division × sectors)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="members")
    role = models.CharField(max_length=20, choices=Role.choices())
    division = models.CharField(max_length=20)  # a prefix
    sectors = models.JSONField(default=list, blank=True)  # venue sectors, empty for all
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role", "division"],
                condition=models.Q(ended_at=None),
                name="membership_once",
            )
        ]


class Device(models.Model):
    """A phone or tablet at a door or with a grid worker: enrolled once by QR, 30 days, revocable."""

    label = models.CharField(max_length=60)
    door = models.BigIntegerField(null=True, db_index=True)  # places.Door.pk: base knows no places
    division = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    enrolled_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    invitation_hash = models.CharField(max_length=64, unique=True)  # sha256 of the QR's secret, spent on enrolment
    invitation_until = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, blank=True, db_index=True)  # sha256 of the device's cookie
    enrolled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    shift_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    shift_until = models.DateTimeField(null=True)
    failed_pins = models.PositiveSmallIntegerField(default=0)


class Pin(models.Model):
    """A checker's short PIN for devices of their organisation."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="pin")
    pin_hash = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    is_first = models.BooleanField(default=False)  # given by a manager: to be changed at the first shift


class Welcome(models.Model):
    """A new member of staff's own link: here they choose the password and enrol the code generator."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="welcomes")
    secret_hash = models.CharField(max_length=64, unique=True)  # sha256 of the link's secret
    created_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
