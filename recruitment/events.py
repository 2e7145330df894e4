"""What this floor tells those above, and itself; sent as an operation's last act, inside its transaction."""

from django.dispatch import Signal

candidates_changed = Signal()  # candidates: ids whose facts changed; sent once an act
member_admitted = Signal()  # ceremonies
member_recognised = Signal()  # decisions
