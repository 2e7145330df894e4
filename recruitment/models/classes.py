"""Classes of the political centre and who sits in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from membership.models import CertificateKind, Organisation, Person


class AwarenessClass(models.Model):
    """A class, planned or held; it ends with certificates."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(max_length=12, choices=CertificateKind, default=CertificateKind.AWARENESS)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="classes", verbose_name=_("unit"))
    issuer = models.CharField(_("held by"), max_length=200)
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = [models.CheckConstraint(name="class_forwards", condition=Q(begins_on__lte=F("ends_on")))]
        indexes = [models.Index(fields=["ends_on"], name="class_ends")]

    def __str__(self):
        return self.name

    def permission_unit(self) -> Organisation:
        """The unit for which the class is held."""
        return self.unit


class Enrolment(models.Model):
    """A person sits in a class."""

    awareness_class = models.ForeignKey(AwarenessClass, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    enrolled_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_seat", fields=["awareness_class", "person"])]

    def __str__(self):
        return f"{self.person_id} {self.awareness_class_id}"
