"""Help for the pages of figures, plans, the reader's own page and the state of the program."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.web.guide import For, Help
from membership.guide import AS_AT, KNOWN_ON, PREVIEW, TOLD

_ADMITTED = (
    _("Admitted"),
    _("Admission ceremonies of the period, in the cell of that day; annulled ones do not count."),
)
_CEILING = (
    _("At most"),
    _("Admitted, and all who can still be in time if every step is done on its first lawful day."),
)
_PACE = (_("Pace"), _("What an even pace would have reached by this day: the target’s share for the days gone."))
_SHORT = (_("Short"), _("How far even the most that is possible stays below the target."))
_TARGET = (_("Target"), _("What the decided plan asks of the unit in this period."))
_LIST = Help(
    _("Who or what stands behind this number?"),
    (
        _("One line for each thing that is counted: the length of the list is the number."),
        _("Without the right to names you see one line a cell."),
        For("export", _("Print the list, or export exactly these rows.")),
    ),
    words=(_ADMITTED, AS_AT, KNOWN_ON),
)

PAGES: dict[str, Help] = {
    "progress": Help(
        _("Will the target be reached?"),
        (
            _("The sentence under the title is the answer. Each number opens its list."),
            _("The units are listed worst first; a name opens the unit’s own progress."),
            _("“Calls to make” says whom to ask this week, and about what."),
            _("With “As at” you see any day of the past."),
        ),
        words=(_ADMITTED, _TARGET, _PACE, _CEILING, _SHORT, KNOWN_ON),
    ),
    "progress_units": Help(
        _("Which units will fall short?"),
        (
            _("Worst first. A name opens the unit’s progress, a number its list."),
            _("The table can be exported."),
        ),
        words=(_TARGET, _CEILING, _SHORT),
    ),
    "progress_months": Help(
        _("How did the admissions go, month by month?"),
        (_("The numbers of the chart. Compare what was reached with the pace."),),
        words=(_ADMITTED, _PACE),
    ),
    "figure_list": _LIST,
    "figure_list:ceiling": Help(
        _("Who can still be admitted in time?"),
        (
            _("Those admitted, and those whose earliest ceremony lies within the period."),
            _("The number falls whenever a term is missed: call those who come last."),
        ),
        words=(_CEILING, AS_AT, KNOWN_ON),
    ),
    "figure_list:target": Help(
        _("What is asked of whom?"),
        (_("Targets of decided plans, by unit and group, and how the pace is counted."),),
        words=(_TARGET, _PACE),
    ),
    "profile": Help(
        _("What may I see and do?"),
        (
            _("Your appointments stand here; all rights come from them."),
            _("Something missing? Ask the administrator of your committee."),
            _("Colours and size of the text hold for this browser."),
        ),
        words=(
            (_("Restricted fields"), _("Ethnicity, religion, identity number: read only by those appointed for it.")),
        ),
    ),
    "ready": Help(
        _("Is the program ready for work?"),
        (_("Each line is one check. A line with a sign is to be mended first, by whoever runs the server."),),
    ),
    "style": Help(
        _("How do the parts of the pages look?"),
        (_("For those who build pages. The people are invented, and nothing is sent."),),
    ),
    "admin:reports_plan_changelist": Help(
        _("Which plans are there?"),
        (
            _("Draft a plan for a unit and a period, enter the targets, then decide it."),
            _("New periods and directives are entered from the buttons above."),
        ),
        words=((_("Decided"), _("Its targets count on the progress page. A draft counts nowhere.")),),
    ),
    "admin:reports_plan_change": Help(
        _("What does this plan ask for?"),
        (_("Targets by unit and group. The line below says whether the parts make up the whole."),),
    ),
    "admin:reports_plan_draft": Help(
        _("How do I begin a plan?"), (_("Choose unit, period and the directive it follows."), PREVIEW), refused=TOLD
    ),
    "admin:reports_plan_period": Help(
        _("How do I enter a period?"), (_("Year or term, with first and last day."), PREVIEW), refused=TOLD
    ),
    "admin:reports_plan_directive": Help(
        _("How do I enter a directive?"), (_("Copy number, title and day. Plans refer to it."), PREVIEW), refused=TOLD
    ),
    "admin:reports_plan_targets": Help(
        _("How do I set the targets?"),
        (_("A number for the unit itself, and for each unit under it. Empty: none is set."), PREVIEW),
        refused=TOLD,
    ),
    "admin:reports_plan_decide": Help(
        _("What happens when I decide a plan?"),
        (_("From then on its targets count. A later change is dated, so the history stays true."), PREVIEW),
        refused=TOLD,
    ),
}
