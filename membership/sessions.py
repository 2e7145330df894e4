"""Sessions, each read together with its account and the appointments of its holder: one statement of every page."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from membership import scope
from membership.models import Session, User

_read_beside: ContextVar[User | None] = ContextVar("the account of the session that was read last", default=None)


class SessionStore(db.SessionStore):
    """Django's, in a table that knows whose session each is."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Where they are kept."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with the account that is signed in."""
        row: Any = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        """What the session remembers; nothing where it has run out."""
        account, data, ends = scope.account_of_session(self.session_key or "")
        if account is None:  # nobody's, or of an account that holds no office: the row itself
            row = Session.objects.select_related("account").filter(pk=self.session_key).first()
            if row:
                account, data, ends = row.account, row.session_data, row.expire_date
        is_over = ends is None or ends <= timezone.now()
        _read_beside.set(None if is_over or not account or not account.is_active else account)
        if is_over:
            self._session_key = None
            return {}
        return self.decode(data)


def account_just_read(key: int) -> User | None:
    """The account, where it was read with its session: given out once, then it may be out of date."""
    account = _read_beside.get()
    _read_beside.set(None)
    return account if account and account.pk == key else None
