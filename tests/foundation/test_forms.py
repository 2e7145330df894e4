"""Forms of operations: what they say of a field that was left empty."""

from django import forms

from foundation.web import NameField, OperationForm


class _Paper(OperationForm):
    name = NameField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")])
    file = forms.FileField(label="File")
    own = forms.ChoiceField(label="Own", choices=[("a", "A")], error_messages={"required": "Say which."})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["later"] = forms.ChoiceField(label="Later", choices=[("a", "A")])


def test_what_is_missing_is_asked_for_as_it_is_given():
    assert dict(_Paper({}).errors) == {
        "name": ["This field is required."],
        "kind": ["Choose one."],
        "file": ["Choose a file."],
        "own": ["Say which."],
        "later": ["Choose one."],
    }
