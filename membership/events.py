"""What this floor tells those above; sent as an operation's last act, inside its transaction."""

from django.dispatch import Signal

members_changed = Signal()  # people: statuses, placements or descriptions of these people changed
people_described = Signal()  # people: descriptions of these people changed; `members_changed` is sent too
units_changed = Signal()  # units: where these units stand changed, or what stands beside them; not of new ones
