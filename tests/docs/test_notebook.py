"""The example notebook runs, and shows what it says that it shows."""

import asyncio
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "notebook.ipynb"


def run() -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """Return the notebook as it is kept, and as it comes out of a run."""
    kept, fresh = (nbformat.read(FILE, as_version=4) for _ in range(2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the kernel's own libraries: they tell of sockets and of each other
        client = NotebookClient(fresh, timeout=600, resources={"metadata": {"path": str(FILE.parent)}})
        client.create_kernel_manager().kernel_spec.argv[0] = sys.executable
        # A thread of its own: tests that drive a browser leave a loop running in theirs.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(client.async_execute())).result()
    return kept, fresh


def shown(cell: nbformat.NotebookNode, kind: str) -> str:
    return "".join(output["data"].get(kind, "") for output in cell.outputs if "data" in output)


def test_the_example_notebook_runs_and_comes_to_what_it_shows() -> None:
    kept, fresh = run()
    assert len(kept.cells) > 5
    for before, after in zip(kept.cells, fresh.cells, strict=True):
        if before.cell_type == "code":
            assert shown(after, "text/plain") == shown(before, "text/plain")
            assert shown(after, "text/html") == shown(before, "text/html")


def test_it_says_that_the_codings_are_illustrative() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert "illustrative" in text
    assert "<Study us-alliances: 112 observations, 4 cases, 4 coders>" in text
