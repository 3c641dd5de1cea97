"""Colours and where they come from. Rows are appended, never changed; the database refuses (see migrations)."""

from django.db import models
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual

from zhuanban.trail.status.rules import Colour, Source

COLOURS = [Colour.GREEN, Colour.YELLOW, Colour.RED]
OWN_PROCESS = "system:"  # how the identity of a process of ours begins; no human's does


class Feed(models.Model):
    """When each issuing authority was last heard: past its limit its greens are 未核验."""

    issuer = models.CharField(max_length=60, primary_key=True)
    heard_at = models.DateTimeField()
    stale_after_minutes = models.PositiveIntegerField(default=30)


class Proposal(models.Model):
    """A colour that a health officer proposes; it becomes a Fact when a second person confirms.

    Only the decision is ever added to the row, once.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    called = models.CharField(max_length=60)  # the person as the proposer wrote them, masked: 王*花 14****2X
    colour = models.CharField(max_length=10, choices=Colour.choices())
    reason = models.CharField(max_length=120)
    issuer = models.CharField(max_length=60)
    evidence = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=64)  # identity
    proposed_label = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True, db_index=True)
    decided_by = models.CharField(max_length=64, blank=True)  # identity
    decided_label = models.CharField(max_length=120, blank=True)
    is_accepted = models.BooleanField(null=True)
    answer = models.CharField(max_length=200, blank=True)  # why it was refused

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("from_at")), name="proposal_expires"),
            models.CheckConstraint(condition=models.Q(colour__in=COLOURS), name="proposal_colour"),
            models.CheckConstraint(
                condition=~models.Q(proposed_by="") & ~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_needs_two",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decided_by="", is_accepted=None)
                | (models.Q(decided_at__isnull=False, is_accepted__isnull=False) & ~models.Q(decided_by="")),
                name="proposal_decided_by_somebody",
            ),
        ]


class Fact(models.Model):
    """A colour of a person (状态): colour, reason, issuer, evidence, from, until. It always expires."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="facts")
    colour = models.CharField(max_length=10, choices=Colour.choices())
    reason = models.CharField(max_length=120)
    issuer = models.CharField(max_length=60)
    evidence = models.CharField(max_length=120)  # document or case number, list and row, feed message id
    source = models.CharField(max_length=10, choices=Source.choices())
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=64)  # identity
    confirmed_by = models.CharField(max_length=64, blank=True)  # identity; another one, where a hand set the colour
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="fact")  # where an officer did

    class Meta:
        indexes = [models.Index(fields=["person", "-entered_at"], name="fact_of_person")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("from_at")), name="fact_expires"),
            models.CheckConstraint(
                condition=models.Q(
                    GreaterThanOrEqual(Length(Trim("evidence")), 4),
                    GreaterThanOrEqual(Length(Trim("reason")), 4),
                    GreaterThanOrEqual(Length(Trim("issuer")), 2),
                ),
                name="fact_has_evidence",
            ),
            models.CheckConstraint(condition=models.Q(source__in=list(Source)), name="fact_source"),
            models.CheckConstraint(condition=models.Q(colour__in=COLOURS), name="fact_colour"),
            models.CheckConstraint(
                condition=models.Q(source=Source.FEED)
                | (
                    ~models.Q(entered_by="")
                    & ~models.Q(confirmed_by="")
                    & ~models.Q(confirmed_by=models.F("entered_by"))
                    & ~models.Q(entered_by__startswith=OWN_PROCESS)
                    & ~models.Q(confirmed_by__startswith=OWN_PROCESS)
                ),
                name="fact_by_hand_needs_two",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=Source.FEED) | models.Q(entered_by__startswith=OWN_PROCESS),
                name="fact_of_feed_by_no_hand",
            ),
            models.CheckConstraint(
                condition=models.Q(source=Source.OFFICER, proposal__isnull=False)
                | (~models.Q(source=Source.OFFICER) & models.Q(proposal=None)),
                name="fact_of_officer_was_proposed",
            ),
            models.UniqueConstraint(
                fields=["person", "issuer", "evidence", "colour", "from_at"], name="fact_said_once"
            ),
        ]


class Correction(models.Model):
    """A person says that a colour is wrong (纠错申请); it has a clock. One open at a time for each person."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    fact = models.ForeignKey(Fact, models.PROTECT, null=True, related_name="corrections")
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)  # identity
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(answered_at=None), name="correction_one_open"
            )
        ]
