"""Make pictures of a report to look at: both languages, light and dark, wide and phone, and print.

One picture a section, since a whole report is longer than a picture may be, and one PDF a language:

    python tools/shots.py reports/article-reference --out build/shots

A result of `bayestrace update` is needed (its posterior.nc), and Chromium; nothing is sampled and nothing is requested.
"""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from bayestrace import results
from bayestrace.folder import write_report
from bayestrace.messages import Lang

LANGS: tuple[Lang, ...] = ("en", "zh")
WIDTHS = {"wide": 1280, "phone": 390}
#: A setting that changes much, to see the page with something set.
SETTING = "#~prior=3,1,1,1&kappa=none"


@click.command(help=__doc__)
@click.argument("result", type=click.Path(path_type=Path), default="reports/article-reference")
@click.option("--out", type=click.Path(path_type=Path), default="build/shots", show_default=True, help="Folder.")
def main(result: Path, out: Path) -> None:
    """Write every picture anew."""
    tree = results.load(results.locate(result))
    out.mkdir(parents=True, exist_ok=True)
    for lang in LANGS:
        write_report(tree, out / f"{lang}.html", lang)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for lang, scheme, name in itertools.product(LANGS, ("light", "dark"), WIDTHS):
            picture(browser, out, lang, scheme, name)
        for lang in LANGS:
            tab = browser.new_page()
            tab.goto((out / f"{lang}.html").absolute().as_uri())
            tab.pdf(path=out / f"{lang}.pdf", prefer_css_page_size=True)
            tab.close()
        browser.close()
    click.echo(f"Wrote {len(list(out.glob('*.png')))} pictures and {len(LANGS)} PDFs to {out}.")


def picture(browser: Browser, out: Path, lang: Lang, scheme: str, name: str) -> None:
    """Take every section of a report, with a setting and the first of its details opened."""
    tab = browser.new_page(
        viewport={"width": WIDTHS[name], "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    tab.goto((out / f"{lang}.html").absolute().as_uri() + SETTING)
    tab.evaluate(
        "document.querySelectorAll('main > section').forEach("
        "one => [...one.querySelectorAll('details')].slice(0, 6).forEach(details => { details.open = true; }))"
    )
    tab.wait_for_timeout(1500)
    tab.screenshot(path=out / f"{lang}-{scheme}-{name}-window.png")
    # What is fixed to the window would lie over every section.
    tab.evaluate("document.getElementById('live-bar')?.setAttribute('hidden', '')")
    for section in ["header", *tab.evaluate("[...document.querySelectorAll('main > section')].map(one => one.id)")]:
        place = tab.locator(section if section == "header" else f"#{section}").first
        place.screenshot(path=out / f"{lang}-{scheme}-{name}-{section}.png")
    tab.close()


if __name__ == "__main__":
    main()
