"""`make screenshots`: the pictures of docs/pictures/, of a practice town in a database and on a port of their own."""

from __future__ import annotations

import base64
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.places import ROOT, Place, Server

PICTURES = ROOT / "docs" / "pictures"
LANGUAGES = ("en", "vi", "ar")
SIZES = {"desktop": (1440, 900), "phone": (360, 740)}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ACCOUNT = re.compile(r"^([a-z-]+) +(\w{4}(?:-\w{4})+) ", re.MULTILINE)
_QUALITY = 62  # of WebP: letters stay sharp, and all pictures together stay below 4 MB


@dataclass(frozen=True)
class Picture:
    """One page as one role sees it; `links` are followed from the address, `typed` is filled in, and perhaps sent."""

    name: str
    role: str
    address: str
    links: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    sent: bool = False


_VOTE = (("entitled", "18"), ("present", "17"), ("in_favour", "16"), ("against", "1"))
_CANDIDATE = "main a[href^='/candidates/'][href$='/']:not([href*=new]):not([href='/candidates/'])"
_CALM = """() => {
  document.documentElement.style.scrollbarGutter = "auto";
  document.activeElement.blur();
  scrollTo(0, 0);
}"""
_REGISTER = """Mã chi bộ,Tên,Giới tính,Ngày sinh,Ngày kết nạp,Ngày chính thức,Ở chi bộ này từ ngày
QY01-18,Đinh Thị Thùy Dương,nữ,12/04/1991,19/05/2016,19/05/2017,01/06/2017
QY01-18,Vũ Đình Khôi,nam,30/02/1988,03/02/2014,03/02/2015,03/02/2015
QY01-18,Phạm Thị Mận,nữ,07/09/1985,22/12/2012,22/12/2011,22/12/2012
QY99-01,Bùi Quốc Trung,nam,15/10/1979,01/07/2008,01/07/2009,01/07/2009
QY01-18,Hoàng Minh Châu,nữ,23/03/1994,02/09/2019,02/09/2020,02/09/2020
"""
_RECOGNITION = "a[href$='/recognition-vote/']"
_CELL = "a[href^='/admin/membership/cell/']:not([href*=found])"
_TOO_EARLY = (("happened_on", "01/08/2024"), *_VOTE)
_LIKE_SOMEBODY = (("full_name", "Nguyễn Thị Nhàn"), ("born_on", "12/04/1991"))
_MEMBERS = (("template", "members"), ("file", _REGISTER))
SHOWN = (
    Picture("sign-in", "", "/sign-in/"),
    Picture("secretary-work", "secretary", "/work/"),
    Picture("secretary-candidate", "secretary", "/candidates/", (_CANDIDATE,)),
    Picture("secretary-paper", "secretary", "/candidates/", (_CANDIDATE, "main a[href$='/document/']")),
    Picture("clerk-work", "clerk", "/work/"),
    Picture("clerk-help", "clerk", "/candidates/", ("a[href^='/help/']",)),
    Picture("clerk-candidates", "clerk", "/candidates/"),
    Picture("clerk-candidate", "clerk", "/candidates/?stage=dossier&work=waiting", (_CANDIDATE,)),
    Picture("clerk-vote", "clerk", "/work/", (_RECOGNITION,), _VOTE),
    Picture("clerk-refused", "clerk", "/work/", (_RECOGNITION,), _TOO_EARLY, sent=True),
    Picture("clerk-new", "clerk", "/candidates/new/", typed=_LIKE_SOMEBODY),
    Picture("clerk-import", "clerk", "/register/import/", typed=_MEMBERS, sent=True),
    Picture("official-progress", "official", "/progress/"),
    Picture("official-list", "official", "/progress/", ("a[href^='/figures/possible_awaiting/']",)),
    Picture("official-unit", "official", "/progress/", ("main a[href^='/progress/?unit=']",)),
    Picture("administrator-home", "administrator", "/admin/"),
    Picture("administrator-tree", "administrator", "/admin/tree/"),
    Picture("administrator-cell", "administrator", "/admin/tree/", (_CELL,)),
    Picture("administrator-new-cell", "administrator", "/admin/membership/cell/found/"),
    Picture("administrator-appoint", "administrator", "/admin/membership/appointment/appoint/"),
)


def files() -> set[str]:
    """The names of all pictures that the command makes."""
    return {f"{one.name}-{language}-{size}.webp" for one in SHOWN for language in LANGUAGES for size in SIZES}


def main() -> None:
    """The folder holds each page in each language at each size, and nothing else."""
    from playwright.sync_api import sync_playwright

    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if not browser:
        sys.exit("The pictures need a browser: install the package 'chromium'.")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Place("SQLite", 1, f"sqlite:///{folder}/town.sqlite3")
        place.run("manage.py", "migrate", "--verbosity", "0")
        place.run("manage.py", "load_demo", "--accounts", f"{folder}/accounts.txt")
        accounts = dict(_ACCOUNT.findall(Path(folder, "accounts.txt").read_text()))
        with Server(place, "config.wsgi") as office, sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--hide-scrollbars"])
            for role in dict.fromkeys(one.role for one in SHOWN):
                _take(chromium, f"http://127.0.0.1:{office.port}", role, accounts.get(role, ""))
            chromium.close()
    for old in PICTURES.glob("*.webp"):
        if old.name not in files():
            old.unlink()


def _take(chromium: Any, office: str, role: str, password: str) -> None:
    """All pictures of a role, which signs in once."""
    signed_in = chromium.new_context()
    if role:
        tab = signed_in.new_page()
        tab.goto(f"{office}/sign-in/")
        tab.fill("input[name=login]", role)
        tab.fill("input[name=password]", password)
        tab.press("input[name=password]", "Enter")
        tab.wait_for_url(lambda address: "/sign-in/" not in address)
        if role != "secretary":  # whose pictures show the first three steps
            tab.locator("form[action='/first-steps/'] button").click()
            tab.wait_for_load_state("networkidle")
    for language in LANGUAGES:
        for size, (width, height) in SIZES.items():
            context = chromium.new_context(
                storage_state=signed_in.storage_state(),
                viewport={"width": width, "height": height},
                device_scale_factor=1,
                reduced_motion="reduce",
            )
            context.add_cookies([{"name": "language", "value": language, "url": office}])
            tab = context.new_page()
            for one in SHOWN:
                if one.role == role:
                    _show(tab, office, one)
                    _keep(context.new_cdp_session(tab), PICTURES / f"{one.name}-{language}-{size}.webp")
            context.close()
    signed_in.close()


def _show(tab: Any, office: str, picture: Picture) -> None:
    tab.goto(office + picture.address)
    for link in picture.links:
        tab.goto(office + tab.locator(link).first.get_attribute("href"))
    for name, value in picture.typed:
        _type(tab.locator(f"main [name={name}]"), value)
    if picture.sent:
        tab.locator("main form [type=submit]").first.click()
        tab.wait_for_load_state("networkidle")
    tab.evaluate(_CALM)
    tab.evaluate("document.fonts.ready")
    if picture.typed:
        tab.wait_for_timeout(600)  # what a field that was left asks for
    tab.wait_for_load_state("networkidle")


def _type(field: Any, value: str) -> None:
    if value == _REGISTER:
        field.set_input_files([{"name": "register.csv", "mimeType": "text/csv", "buffer": value.encode()}])
    elif field.evaluate("field => field.localName") == "select":
        field.select_option(value)
    else:
        field.fill(value)


def _keep(session: Any, file: Path) -> None:
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    file.write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
