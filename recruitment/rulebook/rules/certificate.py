"""Certificate of the awareness class."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.evidence import awareness_days
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, every
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Determined, Finding, Unjudged
from recruitment.rulebook.registry import determines, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateValidity:
    """A certificate is good for `months` calendar months; on the day they are over it no longer is."""

    months: int


@rule(
    "certificate-valid",
    CertificateValidity,
    title=_("Certificate of the awareness class, held and valid"),
    texts={
        "certificate-not-known": _("Cannot be judged without the certificates of the awareness class."),
        "certificate-missing": _("There is no certificate of the awareness class."),
        "certificate-expired": _(
            "The certificate of the awareness class is no longer valid from %(expired_on)s on;"
            " the class must be repeated."
        ),
        "certificate-later": _("The certificate of the awareness class was issued on %(until)s only."),
    },
)
def certificate_valid(facts: CandidateFacts, day: date, p: CertificateValidity) -> Iterator[Finding]:
    """A certificate issued by `day` and not older than `months`. 06-HD/TW, 5.4; older ones: repeat the class."""
    if facts.certificates is UNKNOWN or any(row.issued_on is UNKNOWN for row in every(facts.certificates)):
        yield Finding(code="certificate-not-known", outcome=Unjudged("certificates"), resolver="organiser")
        return
    held = awareness_days(facts)
    if any(issued_on <= day < add_months(issued_on, p.months) for issued_on in held):
        return
    if later := [issued_on for issued_on in held if issued_on > day]:
        yield Finding(code="certificate-later", outcome=BlocksUntil(min(later)))
    elif held:
        params = {"expired_on": add_months(max(held), p.months)}
        outcome = BlocksUntilDone("awareness_class")
        yield Finding(code="certificate-expired", outcome=outcome, params=params, resolver="organiser")
    else:
        yield Finding(code="certificate-missing", outcome=BlocksUntilDone("awareness_class"), resolver="organiser")


@determines("certificate-valid")
def valid_until(facts: CandidateFacts, day: date, p: CertificateValidity) -> Iterator[Determined]:
    """The first day on which the last certificate held on `day` is no longer valid."""
    if held := [issued_on for issued_on in awareness_days(facts) if issued_on <= day]:
        yield Determined("ends_on", add_months(max(held), p.months), "certificates.issued_on")
