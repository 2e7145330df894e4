"""Forms of the admin's operations. Each says what will change before it does."""

from membership.admin.forms.base import AdminForm, Preview
from membership.admin.forms.people import (
    AccountForm,
    AppointAnywhereForm,
    AppointForm,
    CloseAccountForm,
    EndForm,
    EndSessionsForm,
    OnAccountForm,
    ReopenAccountForm,
)
from membership.admin.forms.units import (
    DescribeUnitForm,
    DissolveForm,
    FoundCellForm,
    FoundCommitteeForm,
    FoundForm,
    MoveForm,
    RenameForm,
)
from membership.admin.forms.workplaces import (
    CoverForm,
    DescribeWorkplaceForm,
    FoundMassForm,
    FoundWorkplaceForm,
    RenameMassForm,
)

__all__ = [
    "AccountForm",
    "AdminForm",
    "AppointAnywhereForm",
    "AppointForm",
    "CloseAccountForm",
    "CoverForm",
    "DescribeUnitForm",
    "DescribeWorkplaceForm",
    "DissolveForm",
    "EndForm",
    "EndSessionsForm",
    "FoundCellForm",
    "FoundCommitteeForm",
    "FoundForm",
    "FoundMassForm",
    "FoundWorkplaceForm",
    "MoveForm",
    "OnAccountForm",
    "Preview",
    "RenameForm",
    "RenameMassForm",
    "ReopenAccountForm",
]
