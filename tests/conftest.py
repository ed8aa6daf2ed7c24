"""What all tests share: one compile cache, one browser, and the order in which files are taken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bayestrace import api

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Before any test imports PyTensor, which asks once: otherwise tests and the programs that they start keep a cache each,
# and compile everything twice.
api.compile_cache()
# Tests ask for the language that they expect, whoever runs them.
os.environ.pop("BAYESTRACE_LANG", None)

ROOT = Path(__file__).parents[1]
#: Files that take longest, first: one begun last would keep one core at work while others rest. Two that compile do not
#: begin together: the second finds in the cache what the first has compiled.
DEAR = (
    "tests/calibration/test_run.py",
    "tests/report/test_report_browser.py",
    "tests/report/test_report_axe.py",
    "tests/cli/test_cli_model.py",
    "tests/cli/test_cli_calibrate.py",
    "tests/inference/test_large.py",
    "tests/fuzz/test_fuzz.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the dear files first."""
    missing = [name for name in DEAR if not (ROOT / name).is_file()]
    assert not missing, f"no such tests: {missing}"
    place = {name: number for number, name in enumerate(DEAR)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(DEAR)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests of pages."""
    from browsing import chromium  # noqa: PLC0415 - only tests of pages need it

    with chromium() as started:
        yield started


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """Open an empty tab that knows nothing of others."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
