"""The files for a server say what is so: their commands exist, they agree on addresses, and gunicorn reads its own."""

import base64
import hashlib
import logging.config
import re
import runpy
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
DOCUMENT = DEPLOY.parent / "docs" / "deployment.md"
COMMANDS = [
    (service.name, found[1], found[2].split())
    for service in sorted(DEPLOY.glob("*.service"))
    for found in re.finditer(r"^ExecStart=.*manage\.py (\w+)(.*)$", service.read_text(), re.MULTILINE)
]


@pytest.mark.parametrize(("service", "name", "arguments"), COMMANDS)
def test_a_service_gives_commands_that_exist(service, name, arguments):
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(arguments)


@pytest.mark.parametrize("service", sorted(DEPLOY.glob("*.service")), ids=lambda service: service.stem)
def test_a_service_writes_where_a_small_office_keeps_its_database_and_nowhere_else(service):
    lines = service.read_text().splitlines()
    assert {"ProtectSystem=strict", "StateDirectory=party-admissions", "StateDirectoryMode=0700"} <= {*lines}


def test_every_timer_has_its_service_and_every_file_is_in_the_document():
    assert {timer.stem for timer in DEPLOY.glob("*.timer")} == {
        service.stem for service in DEPLOY.glob("*.service") if service.stem != "party-admissions"
    }
    said = DOCUMENT.read_text()
    assert [timer.name for timer in DEPLOY.glob("*.timer") if timer.name not in said] == []
    assert "deploy/nginx.conf" in said


def test_the_web_server_asks_where_gunicorn_listens_and_has_the_page_for_when_it_does_not():
    gunicorn, nginx = runpy.run_path(str(DEPLOY / "gunicorn.conf.py")), (DEPLOY / "nginx.conf").read_text()
    assert f"proxy_pass http://{gunicorn['bind']};" in nginx
    [page] = re.findall(r"error_page 502 504 /(\S+);", nginx)
    text = (DEPLOY / page).read_text()
    assert all(f'lang="{language}"' in text for language in ("vi", "en", "ar"))
    assert "<script" not in text
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in nginx, "its content policy lets this style through, and no other"
    assert " style=" not in text


def test_gunicorn_logs_as_the_program_does():
    configured = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["logconfig_dict"]
    made = logging.config.DictConfigurator(configured)
    formatter = made.configure_formatter(configured["formatters"]["json"])
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "x.py", 1, "Error handling %s", ("/?q=zoqua",), None)
    assert "zoqua" not in formatter.format(record)
