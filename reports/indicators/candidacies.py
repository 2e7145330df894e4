"""Open candidacies on the as-at day, each in the furthest stage it has reached: disjoint stocks, from the facts."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from membership.models import Certificate, CertificateKind
from recruitment.models import (
    AdmissionCeremony,
    Candidate,
    Decision,
    DecisionKind,
    Document,
    Enrolment,
    Helper,
    Nomination,
    RecordKind,
    StageRecord,
    Vote,
)
from reports.indicators.ask import Ask
from reports.indicators.groups import of_people
from reports.indicators.register import indicator

CLOSING = [RecordKind.WITHDRAW, RecordKind.REFUSE, RecordKind.MOVE_AWAY]
STOPPING = [RecordKind.PAUSE, RecordKind.RETURN]
STOCK_OF_STAGE = {
    "nominated": "nominated",
    "taken_up": "nominated",
    "awareness_class": "in_class",
    "helpers": "in_dossier",
    "dossier": "in_dossier",
    "cell_meeting": "awaiting_decision",
    "sub_committee": "awaiting_decision",
    "committee_meeting": "awaiting_decision",
    "decision": "decided",
}  # stage of the procedure -> the stock that counts it
STOCKS = tuple(dict.fromkeys(STOCK_OF_STAGE.values()))


def open_candidacies(ask: Ask) -> QuerySet:
    """Candidacies under way on the as-at day: nominated, not admitted, not closed, neither paused nor returned.

    `stock` says which one counts each.
    """
    day, known_on = ask.as_at, ask.known_on
    records = StageRecord.objects.as_at(day, known_on).filter(candidate=OuterRef("pk"))
    stops = records.filter(kind__in=[*STOPPING, RecordKind.RESUME]).order_by("-happened_on", "-pk")
    rows = (
        before_ceremony(ask)
        .annotate(stopped=Subquery(stops.values("kind")[:1]))
        .filter(Q(stopped__isnull=True) | Q(stopped=RecordKind.RESUME))
    )
    rows = rows.filter(of_people(ask.group, day, known_on)).annotate(stock=_stock(ask))
    return ask.within(rows, "cell")


def before_ceremony(ask: Ask) -> QuerySet:
    """Candidacies of the as-at day that were nominated, and neither admitted nor closed; also paused and returned."""
    day, known_on = ask.as_at, ask.known_on
    records = StageRecord.objects.as_at(day, known_on).filter(candidate=OuterRef("pk"))
    return Candidate.objects.filter(
        Exists(Nomination.objects.as_at(day, known_on).filter(candidate=OuterRef("pk"))),
        ~Exists(AdmissionCeremony.objects.as_at(day, known_on).filter(candidate=OuterRef("pk"))),
        ~Exists(records.filter(kind__in=CLOSING)),
    )


def _stock(ask: Ask) -> Case:
    day, known_on = ask.as_at, ask.known_on
    decisions = Decision.objects.as_at(day, known_on).filter(kind=DecisionKind.ADMISSION, candidate=OuterRef("pk"))
    votes = Vote.objects.as_at(day, known_on).filter(candidate=OuterRef("pk"))
    papers = Document.objects.filter(Q(asked_on__lte=day) | Q(dated_on__lte=day), candidate=OuterRef("pk"))
    helpers = Helper.objects.filter(candidate=OuterRef("pk"), from_on__lte=day)
    return Case(
        When(Exists(decisions), then=Value("decided")),
        When(Exists(votes), then=Value("awaiting_decision")),
        When(Exists(papers) | Exists(helpers), then=Value("in_dossier")),
        When(_in_class(ask), then=Value("in_class")),
        default=Value("nominated"),
    )


def _in_class(ask: Ask) -> Q:
    """A seat in a class that has begun; or a certificate, of somebody with a seat or taken up: one from before, of
    somebody only nominated, puts nobody in a class.
    """
    day, known_on = ask.as_at, ask.known_on
    seats = Enrolment.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=day),
        person=OuterRef("person"),
        awareness_class__kind=CertificateKind.AWARENESS,
        enrolled_on__lte=day,
    )
    certificates = Certificate.objects.as_at(day, known_on).filter(
        person=OuterRef("person"), kind=CertificateKind.AWARENESS
    )
    taken_up = StageRecord.objects.as_at(day, known_on).filter(candidate=OuterRef("pk"), kind=RecordKind.TAKEN_UP)
    begun = Exists(seats.filter(awareness_class__begins_on__lte=day))
    return Q(begun) | (Q(Exists(certificates)) & (Q(Exists(taken_up)) | Q(Exists(seats))))


@indicator("nominated", label=_("Nominated, not yet in a class"), unit=_("people"), by="cell")
def nominated(ask: Ask) -> QuerySet[Candidate]:
    """Nominated or taken up on the as-at day, and no further."""
    return open_candidacies(ask).filter(stock="nominated")


@indicator("in_class", label=_("In the awareness class"), unit=_("people"), by="cell")
def in_class(ask: Ask) -> QuerySet[Candidate]:
    """In an awareness class or through it on the as-at day, and no further."""
    return open_candidacies(ask).filter(stock="in_class")


@indicator("in_dossier", label=_("Dossier under way"), unit=_("people"), by="cell")
def in_dossier(ask: Ask) -> QuerySet[Candidate]:
    """Helpers assigned, or the first paper asked for or dated, by the as-at day, and no cell meeting yet."""
    return open_candidacies(ask).filter(stock="in_dossier")


@indicator("awaiting_decision", label=_("Awaiting the decision"), unit=_("people"), by="cell")
def awaiting_decision(ask: Ask) -> QuerySet[Candidate]:
    """The cell meeting was held by the as-at day, no decision yet."""
    return open_candidacies(ask).filter(stock="awaiting_decision")


@indicator("decided", label=_("Decided, ceremony to come"), unit=_("people"), by="cell")
def decided(ask: Ask) -> QuerySet[Candidate]:
    """The decision was issued by the as-at day, the ceremony is to come."""
    return open_candidacies(ask).filter(stock="decided")
