from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecruitmentConfig(AppConfig):
    name = "recruitment"
    verbose_name = _("Admission procedure")

    def ready(self) -> None:
        """This floor listens to the one below, and says there what it keeps of units and people."""
        from foundation.web import guide
        from membership import policy, timeline
        from membership.events import members_changed, people_described, units_changed
        from membership.views import units
        from recruitment import doors, events, names, standing
        from recruitment import guide as ours
        from recruitment.views.found import found_by_name, found_by_number

        events.candidates_changed.connect(standing.on_candidates_changed)
        members_changed.connect(standing.on_members_changed)
        people_described.connect(standing.on_people_described)
        units_changed.connect(standing.on_units_changed)
        doors.open_all()
        timeline.WORDS.update(names.NAMES)
        guide.PAGES.update(ours.PAGES)
        policy.RESTRICTED_REASONS.add("refuse")
        units.SEARCHES += [(_("Candidates"), found_by_name), (_("Documents"), found_by_number)]
