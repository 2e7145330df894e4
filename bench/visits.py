"""What a browser fetches as it travels: on the first visit with styles, fonts and scripts, and on a later one."""

from __future__ import annotations

import json
import shutil
from typing import Any

from bench.asked import PAGES
from bench.places import Place, Server

SHOWN = ("dashboard", "candidate list", "candidate")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def visited(place: Place) -> list[dict[str, Any]]:
    """For each page and language the bytes of the first visit and of a later one; empty where there is no browser."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if not browser:
        return []
    from playwright.sync_api import sync_playwright

    told = json.loads(place.run("-m", "bench.asked", seconds=300))
    found = []
    with Server(place, "config.wsgi") as office, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for page, asked in zip(PAGES, told, strict=True):
            for language in ("vi", "ar", "en") if page.name in SHOWN else ():
                context = chromium.new_context()
                base = f"http://127.0.0.1:{office.port}"
                cookies = [one.split("=", 1) for one in f"{asked['cookie']}; language={language}".split("; ")]
                context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
                first, later = (_bytes(context, base + asked["address"]) for _visit in range(2))
                found.append({"name": page.name, "language": language, "first": first, "later": later})
                context.close()
        chromium.close()
    return found


def _bytes(context: Any, address: str) -> int:
    tab = context.new_page()
    session, sizes = context.new_cdp_session(tab), []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    tab.goto(address, wait_until="networkidle")
    tab.close()
    return int(sum(sizes))
