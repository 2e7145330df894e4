"""Every page has help that answers its question, in each language, and it opens without a script."""

import pytest
from django.conf import settings
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from foundation.web import guide
from recruitment.forms.steps import STEPS
from reports.views.figures import MEASURES
from tests.builders import a_candidate, a_clerk, a_secretary, an_administrator, an_official, the_procedures
from tests.walk.walk import routes

pytestmark = pytest.mark.django_db
NO_PAGES = {
    "home", "resume", "twins", "suggest_unit", "suggest_person", "import_template", "live", "help", "first_steps",
    "candidate_step",  # has one help a step
}  # fmt: skip
NO_PAGES_OF_THE_ADMINISTRATION = {"jsi18n", "login", "logout", "app_list", "membership_appointment_suggest", None}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def _named():
    names = [route.name for route in routes() if route.name not in NO_PAGES]
    names += [f"candidate_step:{step}" for step in STEPS] + [f"figure_list:{code}" for code in MEASURES]
    own = [one for admin in site._registry.values() for one in admin.get_urls()]
    of_site = {getattr(one, "name", None) for one in [*site.get_urls(), *own]} - NO_PAGES_OF_THE_ADMINISTRATION
    return sorted(names) + sorted(f"admin:{name}" for name in of_site if name)


def test_every_page_has_help_and_every_help_a_page():
    assert sorted(_named()) == sorted(guide.PAGES)


def test_every_help_is_told_in_each_language():
    the_procedures()
    client, silent = Client(), []
    for code, _name in settings.LANGUAGES:
        for topic, told in guide.PAGES.items():
            page = client.get(reverse("help", args=[topic]), headers={"Accept-Language": code})
            with override(code):
                words = str(told.question)
            with override("en"):
                english = str(told.question)
            if page.status_code != 200 or f"<h1>{words}</h1>" not in page.text or (code != "en" and words == english):
                silent.append((code, topic))
    assert silent == []


def test_the_rules_of_a_step_are_those_of_the_day_with_their_clause():
    the_procedures()
    page = Client().get(reverse("help", args=["candidate_step:decision"]), headers={"Accept-Language": "en"}).text
    assert "Decision on admission within its term" in page
    assert "60 working days" in page
    assert "4.3.1" in page
    arabic = Client().get(reverse("help", args=["candidate_step:decision"]), headers={"Accept-Language": "ar"}).text
    assert "<bdi>" in arabic[: arabic.index("4.3.1")].rpartition("</dd>")[2]  # its number keeps its direction
    assert "What is asked for today" not in Client().get(reverse("help", args=["candidate_step:call"])).text


@pytest.mark.parametrize(
    ("account", "address", "topic"),
    [
        (a_clerk, "/work/", "work"),
        (an_official, "/progress/", "progress"),
        (an_administrator, "/admin/", "admin:index"),
        (an_administrator, "/admin/membership/cell/", "admin:membership_cell_changelist"),
        (None, "/sign-in/", "account_login"),
    ],
)
def test_a_page_leads_to_its_help_by_a_link(account, address, topic):
    client = signed_in(account()) if account else Client()
    assert f'href="{reverse("help", args=[topic])}"' in client.get(address).text


def test_each_step_of_a_candidate_has_its_own():
    candidate = a_candidate()
    shown = signed_in(a_clerk(of=candidate.cell)).get(reverse("candidate_step", args=[candidate.pk, "call"])).text
    assert f'href="{reverse("help", args=["candidate_step:call"])}"' in shown


def test_help_tells_a_role_what_it_may_do():
    address = reverse("help", args=["members"])
    in_english = {"Accept-Language": "en"}
    assert "Register a member who is new" in signed_in(a_clerk()).get(address, headers=in_english).text
    for reader in (signed_in(a_secretary()), Client()):
        shown = reader.get(address, headers=in_english).text
        assert "Who is a member" in shown
        assert "Register a member who is new" not in shown


def test_over_a_page_it_comes_without_a_frame():
    address = reverse("help", args=["work"])
    whole = signed_in(a_clerk()).get(address).text
    part = signed_in(a_clerk()).get(address, headers={"HX-Request": "true"}).text
    assert "<html" in whole
    assert "<html" not in part
    assert part.lstrip().startswith('<h2 id="help-title">')


def test_what_no_page_is_called_has_none():
    assert Client().get(reverse("help", args=["nothing"])).status_code == 404
