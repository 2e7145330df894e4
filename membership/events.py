"""What this floor tells those above; sent as an operation's last act, inside its transaction."""

from django.dispatch import Signal

members_changed = Signal()  # people: statuses, placements or descriptions of these people changed
units_changed = Signal()  # units: positions of these units changed
