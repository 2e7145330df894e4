"""Who signs in, and who a session belongs to."""

from allauth.account.auth_backends import AuthenticationBackend

from membership import scope, sessions
from membership.models import User


class WithAppointments(AuthenticationBackend):
    """Signing in as allauth has it."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, read with its appointments in force, of which every page asks."""
        known = sessions.account_just_read(user_id) or scope.account_in_office(user_id)
        return known or super().get_user(user_id)
