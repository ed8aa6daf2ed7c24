"""A real browser for the tests of the page: how it is found and started, and what it is seen to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, sync_playwright

# The one without windows takes half the time, and a quarter to open an empty page.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
REQUIRED = os.environ.get("BAYESTRACE_REQUIRE_BROWSER") == "1"
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; without one, skip, or fail where the environment says that there must be one."""
    if not Path(CHROMIUM).is_file():
        if REQUIRED:
            pytest.fail("no Chromium found, and BAYESTRACE_REQUIRE_BROWSER=1 asks for it")
        pytest.skip("no Chromium found: the page was not tried in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()


def handed_out(tab: Page, button: Locator) -> Download:
    """Press a button that hands out a file, and take the file.

    By keyboard: parts of a page are laid out only as they come into view, and what a pointer aims at
    may move between its going down and its coming up.
    """
    with tab.expect_download() as waiting:
        button.press("Enter")
    return waiting.value


class Watch:
    """Open a page and note every request, message and dialog."""

    def __init__(self, tab: Page, path: Path, html: str, fragment: str = "") -> None:
        self.noted: list[str] = []
        path.write_text(html, encoding="utf-8")
        self.address = path.as_uri()
        tab.on("request", lambda request: self.noted.append(f"request {request.url}"))
        tab.on("console", lambda message: self.noted.append(f"console {message.text}"))
        tab.on("pageerror", lambda error: self.noted.append(f"error {error}"))
        tab.on("dialog", lambda dialog: self.noted.append(f"dialog {dialog.message}"))
        tab.goto(self.address + fragment)

    def beyond_itself(self) -> list[str]:
        return [entry for entry in self.noted if entry.partition("#")[0] != f"request {self.address}"]
