"""What a person is to the Party, in which cell, and how they came and went."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.facts import SO, Event, Interval, for_each
from membership.models.organisations import Organisation
from membership.models.people import Person


class Status(models.TextChoices):
    """What a person is to the Party."""

    PROBATIONARY = "probationary", _("probationary member")
    OFFICIAL = "official", _("official member")
    DIED = "died", _("died")
    DEPARTED = "departed", _("moved to an organisation outside")
    REMOVED = "removed", _("name removed")
    EXPELLED = "expelled", _("expelled")
    RESIGNED = "resigned", _("left by own wish")


MEMBER = [Status.PROBATIONARY, Status.OFFICIAL]
ENDED = [Status.DIED, Status.DEPARTED, Status.REMOVED, Status.EXPELLED, Status.RESIGNED]


class MembershipStatus(Interval):
    """What a person is to the Party, from day to day. Written by `facts.change` alone."""

    subject = ("person",)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    status = models.CharField(_("membership"), max_length=12, choices=Status)

    class Meta(Interval.Meta):
        constraints = for_each("person")
        indexes = [models.Index(fields=["person", "valid_from"], name="status_of")]

    def __str__(self):
        return self.status


class PlacementKind(models.TextChoices):
    """A member belongs to one cell; a temporary one may host them."""

    OFFICIAL = "official", _("official")
    TEMPORARY = "temporary", _("temporary")


class Placement(Interval):
    """In which cell a member is."""

    subject = ("person", "kind")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PlacementKind, default=PlacementKind.OFFICIAL)
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta(Interval.Meta):
        constraints = for_each("person", "kind")
        indexes = [
            # who is in a cell, and who was, from the index alone
            models.Index(
                fields=["cell", "kind", "superseded_at", "valid_to", "valid_from", "person"], name="placement_here"
            ),
            models.Index(fields=["person", "valid_from"], name="placement_of"),
        ]

    def __str__(self):
        return f"{self.person_id} {self.cell_id}"


class CertificateKind(models.TextChoices):
    """Classes whose certificate belongs to the person."""

    AWARENESS = "awareness", _("party awareness class")
    NEW_MEMBER = "new_member", _("class for new members")


class Certificate(Event):
    """Issued on `happened_on`; belongs to the person, whatever becomes of a candidacy."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CertificateKind, default=CertificateKind.AWARENESS)
    number = models.CharField(_("number"), max_length=40, blank=True)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)

    class Meta(Event.Meta):
        constraints = [
            models.UniqueConstraint(name="one_certificate", fields=["person", "kind", "happened_on"], condition=SO)
        ]

    def __str__(self):
        return self.number or self.kind


class TransferKind(models.TextChoices):
    """Which way a transfer of party activity goes."""

    WITHIN = "within", _("between cells of the tree")
    ARRIVED = "arrived", _("from an organisation outside")
    DEPARTED = "departed", _("to an organisation outside")


class Transfer(Event):
    """A member's party activity moved on `happened_on`."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TransferKind)
    from_cell = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    to_cell = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    outside = models.CharField(_("organisation outside"), max_length=200, blank=True)

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["happened_on"], name="transfer_day")]

    def __str__(self):
        return f"{self.person_id} {self.kind}"
