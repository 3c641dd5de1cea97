"""Refused entries that somebody must act on, with a clock and a history."""

from datetime import datetime

from django.db import models

from zhuanban.trail.alerts.rules import Kind, Move


class Limit(models.Model):
    """The county's clock for one step of one kind of alert (时限), in minutes."""

    kind = models.CharField(max_length=10, choices=Kind.choices())
    step = models.CharField(max_length=15, choices=Move.choices())
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "step"], name="limit_once"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="limit_not_nought"),
        ]


class Alert(models.Model):
    """A red or yellow person at a door (预警). Its state is its last event's; overdue is derived.

    Only `state` and `due_at` ever change, with the event that changes them (migrations/0003).
    """

    number = models.CharField(max_length=20, unique=True)  # R-1123-002
    kind = models.CharField(max_length=10, choices=Kind.choices())
    visit = models.CharField(max_length=44, unique=True)  # visit id and nth: the relay may come twice
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    door = models.ForeignKey("places.Door", models.PROTECT, related_name="+")
    where = models.CharField(
        max_length=120
    )  # 福来顺生活超市 正门: the person's community sees no venue of other areas
    address = models.CharField(max_length=120, blank=True)
    division = models.CharField(max_length=20, db_index=True)  # the venue's
    home_division = models.CharField(max_length=20, blank=True, db_index=True)  # the person's
    sector = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )  # the venue's
    unit = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")  # the person's
    raised_at = models.DateTimeField(db_index=True)
    received_at = models.DateTimeField()
    close_by = models.DateTimeField()  # by the limit of the moment it was raised
    purge_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=15, choices=Move.choices())  # copied from the last event in its transaction
    due_at = models.DateTimeField(null=True, db_index=True)  # the same: when the next step is due; None once closed

    township_name: str  # these six are filled in by queries.lists, for one line of the list
    who: str
    started_at: datetime
    holder: str
    next_step: Move | None
    is_escalated: bool

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="alert_open")]


class Event(models.Model):
    """One move of an alert; append-only."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="events")
    move = models.CharField(max_length=15, choices=Move.choices())
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of the next step, by the limit of this moment
    by = models.CharField(max_length=64)
    by_label = models.CharField(max_length=120)
    identity = models.CharField(max_length=64)
    to = models.CharField(max_length=60, blank=True)  # to whom the person was handed over
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "move"], condition=~models.Q(move=Move.HAND_OVER), name="event_once"
            ),
            models.CheckConstraint(condition=models.Q(move__in=list(Move)), name="event_move"),
            models.CheckConstraint(
                condition=models.Q(move__in=[Move.RAISE, Move.ACKNOWLEDGE])
                | (models.Q(move=Move.HAND_OVER) & ~models.Q(to=""))
                | (models.Q(move=Move.CLOSE) & ~models.Q(note="")),
                name="event_says_what",
            ),
        ]


class Cursor(models.Model):
    """How far the relay has read each day's outbox."""

    day = models.DateField(primary_key=True)
    last = models.BigIntegerField(default=0)


class Numbering(models.Model):
    """The last number given on a day, counted up in the transaction that gives it."""

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices())
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="numbering_once")]
