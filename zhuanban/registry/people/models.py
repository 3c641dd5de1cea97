"""People, their families and their sign-ins. Nothing here is readable without the people key."""

from django.db import models

from zhuanban.registry.people.rules import Origin, Relation


class Person(models.Model):
    """A person (人员): a random 128-bit id, and everything else sealed.

    `sealed` is JSON (rules.Card: name, phone, document, birth, address) under the people key, bound to the id.
    The indexes are keyed hashes, so that a stolen table cannot be searched by trying every number.

    Two rows may declare one document: a shop's guard entered a guest who registers later, or somebody mistyped.
    The first holds it (`document_index`, unique); the next only claims it (`claimed_index`) and is told nothing, since
    an answer would tell whose number is known. A claimant inherits no colour: unknown is 未核验, never green.
    """

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    phone_index = models.BinaryField(max_length=16, null=True, db_index=True)
    document_index = models.BinaryField(max_length=16, null=True, unique=True)
    claimed_index = models.BinaryField(max_length=16, null=True, db_index=True)
    account_phone_index = models.BinaryField(max_length=16, null=True, unique=True)  # set once the phone is proved
    home_division = models.CharField(max_length=20, blank=True, db_index=True)  # may lie outside the county
    unit = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")  # work or school
    origin = models.CharField(max_length=10, choices=Origin.choices())
    notice_version = models.PositiveIntegerField(default=0)  # the 告知书 last shown and accepted
    notice_at = models.DateTimeField(null=True)
    signed_out_before = models.DateTimeField(null=True, db_index=True)  # tokens issued at or before are void
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # `sealed` is emptied then


class Bond(models.Model):
    """`person` may enter `member` (家人): agreed by both, or seen by a grid worker, or a child without account."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="bonds")
    member = models.ForeignKey(Person, models.PROTECT, related_name="bound_by")
    relation = models.CharField(max_length=10, choices=Relation.choices())
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)  # it holds only once agreed
    agreed_by = models.CharField(max_length=64, blank=True)  # By.key of the member, guardian or grid worker
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "member"], condition=models.Q(ended_at=None), name="bond_once"),
            models.CheckConstraint(condition=~models.Q(person=models.F("member")), name="bond_of_two"),
        ]


class BondRequest(models.Model):
    """Somebody wants to be family with whoever proves this phone. Written alike for known and unknown phones."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="requests")
    phone_index = models.BinaryField(max_length=16, db_index=True)
    sealed = models.BinaryField()  # the phone, masked, for the asker's own page
    relation = models.CharField(max_length=10, choices=Relation.choices())  # what the other is to the asker
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # by the asker
    answered_at = models.DateTimeField(null=True)  # by the other; a no looks like no answer to the asker
    bond = models.ForeignKey(Bond, models.PROTECT, null=True, related_name="requests")  # what a yes made


class OneTimeCode(models.Model):
    """A code sent to a phone, by its keyed hash; spent by deletion."""

    phone_index = models.BinaryField(max_length=16, primary_key=True)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()


class CodeCount(models.Model):
    """How many codes went out on a day, to one phone or asked from one address; both as keyed hashes."""

    key = models.BinaryField(max_length=16)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="code_count_once")]
