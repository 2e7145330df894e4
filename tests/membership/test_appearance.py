"""Light or dark and the size of the text: chosen by a form, kept by the browser, known before the page is drawn."""

import pytest
from django.test import Client

from tests.builders import a_clerk, an_administrator

pytestmark = pytest.mark.django_db


def choose(client, **values):
    return client.post("/appearance/", {"next": "/language/", **values})


def page(client, address="/language/"):
    return client.get(address).content.decode()


def dark_sheet(shown):
    return 'media="screen"' in shown, 'media="screen and (prefers-color-scheme: dark)"' in shown


def test_without_a_choice_the_machine_decides(client):
    shown = page(client)
    assert dark_sheet(shown) == (False, True)
    assert '<meta name="color-scheme" content="light dark">' in shown
    assert "data-text" not in shown


@pytest.mark.parametrize(("theme", "sheets"), [("dark", (True, False)), ("light", (False, False))])
def test_a_chosen_theme_holds_until_the_machine_decides_again(client, theme, sheets):
    assert choose(client, theme=theme).url == "/language/"
    shown = page(client)
    assert f'data-bs-theme="{theme}"' in shown
    assert f'<meta name="color-scheme" content="{theme}">' in shown
    assert dark_sheet(shown) == sheets
    choose(client, theme="system")
    assert dark_sheet(page(client)) == (False, True)


def test_text_has_three_sizes_and_leaves_the_theme_alone(client):
    choose(client, theme="dark")
    for size in ("large", "largest"):
        choose(client, text=size)
        assert f'data-bs-theme="dark" data-text="{size}"' in page(client)
    choose(client, text="normal")
    assert "data-text" not in page(client)


@pytest.mark.parametrize(("account", "address"), [(a_clerk, "/profile/"), (an_administrator, "/admin/")])
def test_the_account_menu_offers_both_and_says_which_holds(account, address):
    client = Client()
    client.force_login(account())
    choose(client, theme="dark", text="large")
    shown = page(client, address)
    assert 'name="theme" value="dark" aria-pressed="true"' in shown
    assert 'name="text" value="large" aria-pressed="true"' in shown
    assert dark_sheet(shown) == (True, False)


@pytest.mark.parametrize("values", [{}, {"theme": "pink"}, {"text": "huge", "theme": "dark"}, {"next": "/"}])
def test_what_cannot_be_chosen_changes_nothing(client, values):
    response = client.post("/appearance/", values or {"next": "/"})
    assert response.status_code == 422
    assert not {"theme", "text"} & set(response.cookies)


def test_it_leads_back_to_pages_of_this_site_only(client):
    assert client.post("/appearance/", {"theme": "dark", "next": "//evil.example/"}).url == "/appearance/"
    client.cookies["theme"] = '"><script>'
    assert dark_sheet(page(client)) == (False, True)
