"""Two branches, built once for each file of this folder; what a test writes is taken back."""

from collections.abc import Iterator

import pytest

from tests.walk import town as towns


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker) -> Iterator[towns.Town]:
    """Branches A and B with an account a role, on one day."""
    with django_db_blocker.unblock(), towns.standing() as built:
        yield built


@pytest.fixture
def walked(town: towns.Town, db: None) -> towns.Town:
    """The branches, in a transaction of the test's own."""
    return town
