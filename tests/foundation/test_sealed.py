import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from foundation.sealed import SealBroken, fingerprint, reseal, seal, unseal

NUMBER = "001234567890"


def another_key():
    return Fernet.generate_key().decode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(text):
    assert unseal(seal(text)) == text


def test_a_token_shows_nothing_and_differs_each_time():
    assert NUMBER not in seal(NUMBER)
    assert seal(NUMBER) != seal(NUMBER)


@pytest.mark.parametrize("place", [0, 10, 40, -10])
def test_a_changed_token_is_refused(place):
    token = list(seal(NUMBER))
    token[place] = "A" if token[place] != "A" else "B"
    with pytest.raises(SealBroken):
        unseal("".join(token))


@pytest.mark.parametrize("token", ["", NUMBER, "Ánh", "gAAAAA"])
def test_what_was_never_sealed_is_refused(token):
    with pytest.raises(SealBroken):
        unseal(token)


def test_another_key_opens_nothing(settings):
    token = seal(NUMBER)
    settings.SEALING_KEYS = [another_key()]
    with pytest.raises(SealBroken) as broken:
        unseal(token)
    assert token not in str(broken.value)


def test_a_new_key_takes_over(settings):
    old, new = another_key(), another_key()
    settings.SEALING_KEYS = [old]
    token = seal(NUMBER)
    settings.SEALING_KEYS = [new, old]
    resealed = reseal(token)
    settings.SEALING_KEYS = [new]
    assert unseal(resealed) == NUMBER
    with pytest.raises(SealBroken):
        unseal(token)


@pytest.mark.parametrize("keys", [[], ["short"], [""], ["Ánh"]])
def test_without_good_keys_nothing_is_sealed_or_opened(settings, keys):
    token = seal(NUMBER)
    settings.SEALING_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        seal(NUMBER)
    with pytest.raises(ImproperlyConfigured):
        unseal(token)


def test_fingerprints_are_equal_for_equal_texts_under_one_key(settings):
    before = fingerprint(NUMBER)
    assert before == fingerprint(NUMBER)
    assert before != fingerprint("001234567891")
    assert len(before) == 64
    settings.IDENTITY_KEY = another_key()
    assert fingerprint(NUMBER) != before


def test_without_a_key_there_is_no_fingerprint(settings):
    settings.IDENTITY_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        fingerprint(NUMBER)
