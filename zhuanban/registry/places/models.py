"""Where things are: divisions, venues and their doors, and who serves at them."""

from django.db import models

from zhuanban.registry.places.rules import DoorKind, Setting, Unverified, VenueState


class Division(models.Model):
    """An administrative division (区划): its 12-digit code is its own path. Grids get a suffix below the village."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)  # as the statistics list it: 鲍店村委会
    display = models.CharField(max_length=60)  # as people say it: 鲍店村
    level = models.CharField(max_length=10)  # province city county township village community zone grid
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    lon = models.FloatField(null=True)  # degrees, WGS84
    lat = models.FloatField(null=True)


class Outline(models.Model):
    """The county's outline for maps, and whose it is."""

    county = models.CharField(max_length=6, primary_key=True)
    geometry = models.JSONField()  # a GeoJSON geometry, WGS84
    source = models.CharField(max_length=120)


class VenueType(models.Model):
    """A kind of venue (场所类型) and what the county has set for it."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=30, unique=True)
    sector = models.CharField(max_length=20, db_index=True)  # the industry department that answers for it
    is_key = models.BooleanField(default=False)  # 重点场所
    setting = models.CharField(max_length=10, choices=Setting.choices())
    stay_minutes = models.PositiveIntegerField()  # default stay
    unverified = models.CharField(max_length=10, choices=Unverified.choices(), default=Unverified.LOOK)
    is_medical = models.BooleanField(default=False)  # a patient is routed, never turned away
    order = models.PositiveIntegerField(default=0)


class Venue(models.Model):
    """A place with doors (场所). Its code never depends on a person's status."""

    name = models.CharField(max_length=80)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="venues")
    type = models.ForeignKey(VenueType, models.PROTECT, related_name="venues")
    sector = models.CharField(max_length=20)  # copied from the type: scope compares it without a join
    division = models.CharField(max_length=20)
    address = models.CharField(max_length=120)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    uscc = models.CharField(max_length=18, blank=True)
    no_uscc_reason = models.CharField(max_length=60, blank=True)
    opens_at = models.TimeField(null=True)
    closes_at = models.TimeField(null=True)
    setting = models.CharField(max_length=10, choices=Setting.choices())
    stay_minutes = models.PositiveIntegerField()
    is_key = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=VenueState.choices(), default=VenueState.ACTIVE)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["division", "name"], name="venue_area"),
            models.Index(fields=["sector", "division"], name="venue_sector"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uscc="", no_uscc_reason__gt="") | models.Q(uscc__gt="", no_uscc_reason=""),
                name="venue_uscc_or_reason",
            ),
            models.CheckConstraint(condition=models.Q(stay_minutes__gte=1), name="venue_stay_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Door(models.Model):
    """A door, zone or vehicle of a venue (一门一码). Division, sector, organisation are the venue's, for scope."""

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="doors")
    name = models.CharField(max_length=30)
    kind = models.CharField(max_length=8, choices=DoorKind.choices(), default=DoorKind.DOOR)
    is_open = models.BooleanField(default=True)
    division = models.CharField(max_length=20, db_index=True)
    sector = models.CharField(max_length=20)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="door_once")]


class Post(models.Model):
    """Who serves at a venue: manager, checker, staff with a shift; many-to-many (岗位)."""

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="posts")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20)  # accounts.rules.Role
    door = models.ForeignKey(Door, models.PROTECT, null=True)
    shift = models.CharField(max_length=40, blank=True)  # 07:30–14:00
    from_day = models.DateField()
    until_day = models.DateField(null=True)  # the first day no longer served

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_day=None) | models.Q(until_day__gte=models.F("from_day")),
                name="post_from_before_until",
            ),
            models.UniqueConstraint(
                fields=["venue", "account", "role"],
                condition=models.Q(until_day=None, door=None),
                name="post_once_a_venue",
            ),
            models.UniqueConstraint(
                fields=["venue", "account", "role", "door"],
                condition=models.Q(until_day=None, door__isnull=False),
                name="post_once_a_door",
            ),
        ]


class SnapshotVersion(models.Model):
    """One row, counted up in the transaction of every change that the gate must see (DESIGN §4)."""

    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="snapshot_version_one_row")]


class SnapshotChange(models.Model):
    """What changed at version `n`: `kind` is door, person or order; `key` its id as text."""

    n = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=40)
    at = models.DateTimeField()
