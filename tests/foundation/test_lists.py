"""Pages of lists: chosen by their keys, read by them."""

from types import SimpleNamespace

from foundation.web.lists import in_places


def test_rows_come_in_the_order_they_were_chosen_in_and_what_went_meanwhile_is_left_out():
    first, last = SimpleNamespace(pk=7), SimpleNamespace(pk=3)
    assert in_places([7, 5, 3], [last, first]) == [first, last]
