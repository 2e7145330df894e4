"""Pages of lists: chosen by their keys, read by them."""

from types import SimpleNamespace

from django.urls import get_resolver

from foundation.web.lists import ListForm, in_places


def kinds(of):
    return [of, *(kind for one in of.__subclasses__() for kind in kinds(one))]


def test_what_a_list_asks_for_has_a_name_in_the_readers_words():
    assert get_resolver().url_patterns  # every page is known, and the form of its list
    nameless = [(kind, name) for kind in kinds(ListForm) for name, field in kind.base_fields.items() if not field.label]
    assert nameless == []


def test_rows_come_in_the_order_they_were_chosen_in_and_what_went_meanwhile_is_left_out():
    first, last = SimpleNamespace(pk=7), SimpleNamespace(pk=3)
    assert in_places([7, 5, 3], [last, first]) == [first, last]
