"""What a reader takes out of the page: figures as SVG and PNG, numbers as CSV and JSON, in a real browser."""

from __future__ import annotations

import base64
import csv
import functools
import io
import json
import struct
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from browsing import Watch, handed_out
from lively import drawn
from pages import unpacked
from playwright.sync_api import Locator, Page, expect
from sensitive import sensitive_tree
from studies import Words, plain

from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.content.parts import Report
from bayestrace.report.page import render

SPOILT = '=HYPERLINK("https://evil.example")</svg><script>window.broken=1</script>\n"x", y'
SVG = "{http://www.w3.org/2000/svg}"


def tree_of(say: Words = plain) -> xr.DataTree:
    tree = sensitive_tree(say=say)
    _, posterior = drawn(tree["problem"].to_dataset(), 20)
    tree["posterior"] = xr.DataTree(posterior)
    return tree


@functools.cache
def content_of(lang: Lang = "en", say: Words = plain) -> Report:
    return read_content(tree_of(say), lang)


@functools.cache
def page_of(lang: Lang = "en", say: Words = plain) -> str:
    return render(content_of(lang, say), live.island(tree_of(say)))


def spoilt(_: str) -> str:
    return SPOILT


def opened(tab: Page, tmp_path: Path, html: str) -> Watch:
    watch = Watch(tab, tmp_path / "report.html", html)
    tab.locator('#live[aria-busy="false"]').wait_for()
    tab.locator("#reproduction .take").wait_for(state="attached")
    return watch


def taken(tab: Page, button: Locator) -> tuple[str, bytes]:
    # Browsers hand out ten files a second at most.
    tab.wait_for_timeout(105)
    file = handed_out(tab, button)
    return file.suggested_filename, Path(file.path()).read_bytes()


def figure(tab: Page, key: str) -> Locator:
    return tab.locator("main figure").filter(has=tab.locator(f'svg.fig > title[id="{key}-t"]'))


def rows_of(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def beyond(watch: Watch) -> list[str]:
    """What was noted but for what a file is made of on its way."""
    return [entry for entry in watch.beyond_itself() if not entry.startswith(("request data:", "request blob:"))]


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_every_figure_can_be_taken_and_has_a_table(tab: Page, tmp_path: Path, lang: Lang) -> None:
    watch = opened(tab, tmp_path, page_of(lang))
    twins = json.loads(unpacked(page_of(lang), "twins"))
    figures = tab.locator("main figure").filter(has=tab.locator("svg.fig:not(.key)"))
    assert figures.count() >= 20
    names = set()
    for one in figures.all():
        assert one.locator(".take button").all_text_contents() == ["SVG", "PNG", "CSV"]
        name, text = taken(tab, one.locator(".take button").nth(2))
        rows = rows_of(text)
        assert len(rows) >= 2
        assert len({len(row) for row in rows}) == 1, name
        names.add(name)
    assert len(names) == figures.count()
    assert {f"bayestrace-{key}.csv" for key in twins} <= names
    assert beyond(watch) == []


def test_the_waterfalls_file_adds_up_to_what_the_report_says(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    for place, case in enumerate(content_of().cases):
        _, text = taken(tab, figure(tab, f"fall-{place}").locator(".take button").nth(2))
        head, *rows = rows_of(text)
        assert head[1] == "dB"
        assert float(rows[-1][1]) == pytest.approx(case.total.value, rel=1e-4)
        clusters = {cluster.name.text: cluster.leader_over for cluster in case.clusters}
        for name, value in rows[:-1]:
            assert (told := clusters[name])
            assert float(value) == pytest.approx(told.value, rel=1e-4)


def test_a_tables_file_has_its_numbers_to_five_digits_and_every_case(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    name, text = taken(tab, tab.locator("#reproduction .take button").first)
    assert name == "bayestrace-probabilities.csv"
    head, *rows = rows_of(text)
    assert head[:5] == ["Case", "Explanation", "Prior", "Face value", "Face value, redundancy counted"]
    assert head[6:9] == ["Pooled (94 % interval)", "Pooled (94 % interval): low", "Pooled (94 % interval): high"]
    expected = [
        [row.face.value, row.unpooled.mean.value, row.pooled.mean.value, row.pooled.q03.value, row.pooled.q97.value]
        for case in content_of().cases
        for row in case.rows
        if row.pooled and row.unpooled
    ]
    assert [row[0] for row in rows] == [case.name.text for case in content_of().cases for _ in case.rows]
    np.testing.assert_allclose([[float(row[at]) for at in (3, 5, 6, 7, 8)] for row in rows], expected, rtol=1e-4)


def test_the_evidence_file_has_every_observation_and_what_each_coder_said(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    _, text = taken(tab, tab.locator("#reproduction .take button").nth(1))
    head, *rows = rows_of(text)
    observations = [one for case in content_of().cases for cluster in case.clusters for one in cluster.observations]
    assert {row[0] for row in rows} == {one.id for one in observations}
    assert len({len(row) for row in [head, *rows]}) == 1
    first = len(head) - [*reversed(head)].index(head[-1]) - 1
    assert head[0] == "id"
    for one in observations:
        mine = [row for row in rows if row[0] == one.id]
        for said in one.statements:
            (row,) = [row for row in mine if said.coder.text in row]
            at = row.index(said.coder.text)
            for place, weight in enumerate(said.against, 1):
                if weight:
                    assert float(row[at + place]) == pytest.approx(weight.value, rel=1e-4, abs=1e-9)
    assert first > 0


def test_differences_in_a_row_are_taken_from_its_first_number(tab: Page, tmp_path: Path) -> None:
    """Ledger rows carry a number and those that it is over: what is shown has one decimal, the file five digits."""
    opened(tab, tmp_path, page_of())
    _, text = taken(tab, tab.locator("#reproduction .take button").nth(1))
    shown = tab.evaluate(
        """() => [...document.querySelectorAll(".obs tr[data-parts]")].map(row =>
          [row.closest(".obs").id.slice(4), row.cells[0].textContent, [...row.querySelectorAll("td")]
            .map(cell => cell.textContent)])"""
    )
    assert len(shown) > 5
    rows = rows_of(text)
    for id_, stage, cells in shown:
        (row,) = [row for row in rows if row[0] == id_ and stage in row]
        at = row.index(stage)
        for place, cell in enumerate(cells, 1):
            if cell and cell[0] in "+−0":
                assert float(row[at + place]) == pytest.approx(float(cell.replace("−", "-")), abs=0.0501)


def test_a_picture_is_whole_without_the_page(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    for key in ("overview-0", "fall-0", "mech-0", "sens-map-0-0", "sens-ternary-0", "time-0"):
        one = figure(tab, key)
        name, text = taken(tab, one.locator(".take button").nth(0))
        assert name == f"bayestrace-{key}.svg"
        root = ET.fromstring(text)  # noqa: S314 - what the page just wrote
        assert root.tag == f"{SVG}svg"
        assert {element.tag for element in root.iter()} <= {
            f"{SVG}{tag}" for tag in ("svg", "g", "rect", "path", "line", "circle", "text", "tspan", "title", "desc")
        }
        assert not [name for element in root.iter() for name in element.attrib if name in {"class", "style", "href"}]
        assert b"var(" not in text
        assert root.find(f"{SVG}title") is not None
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        _, png = taken(tab, one.locator(".take button").nth(1))
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", png[16:24]) == (2 * width, 2 * height)
        ink = painted(tab, png)
        # The frame is paper; within it is more than paper.
        assert ink["corner"] == [255, 255, 255, 255]
        assert ink["colours"] > 5, key
        bare = tab.context.new_page()
        bare.goto("about:blank")
        alone = bare.evaluate(
            """async text => { const image = new Image();
              image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text); await image.decode();
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
              canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
              return canvas.toDataURL().split(",")[1]; }""",
            text.decode(),
        )
        assert painted(bare, base64.b64decode(alone))["ink"] == pytest.approx(ink["ink"], rel=0.02)
        bare.close()


def painted(tab: Page, png: bytes) -> dict[str, Any]:
    """Read a picture: the colour of its corner, how many colours it has, and how much of it is not paper."""
    bare = tab.context.new_page()
    found = bare.evaluate(
        """async text => { const image = new Image(); image.src = "data:image/png;base64," + text; await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
          const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
          const {data} = pen.getImageData(0, 0, image.width, image.height); const seen = new Set(); let ink = 0;
          for (let i = 0; i < data.length; i += 4) { const rgb = data[i] << 16 | data[i + 1] << 8 | data[i + 2];
            seen.add(rgb); ink += rgb !== 0xffffff; }
          return {corner: [...data.slice(0, 4)], colours: seen.size, ink}; }""",
        base64.b64encode(png).decode(),
    )
    bare.close()
    assert isinstance(found, dict)
    return found


def test_a_live_figure_says_what_is_reported_and_what_is_set(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    tab.evaluate("location.hash = '#~prior=9,1,1'")
    expect(tab.locator("#live-bar")).to_be_visible()
    tab.locator('#live[aria-busy="false"]').wait_for()
    _, text = taken(tab, tab.locator("#live figure").first.locator(".take button").nth(2))
    _, *rows = rows_of(text)
    reported = [row.probability.value for row in content_of().cases[0].rows]
    np.testing.assert_allclose([float(row[1]) for row in rows], reported, rtol=1e-4)
    now = [float(row[2]) for row in rows]
    assert sum(now) == pytest.approx(1.0, abs=1e-3)
    assert not np.allclose(now, reported, atol=1e-3)


def test_a_table_beside_a_figure_is_made_where_it_is_opened(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    one = figure(tab, "sens-ternary-0")
    expect(one.locator("table")).to_have_count(0)
    one.locator("summary").focus()
    tab.keyboard.press("Enter")
    expect(one.locator("table")).to_be_visible()
    (cut,) = [cut for cut in content_of().sensitivity.slices if cut.case == 0]  # type: ignore[union-attr]
    assert one.locator("tbody tr").count() == len(cut.leaders)


def test_all_of_it_is_json(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    name, text = taken(tab, tab.locator("#reproduction .take button").nth(2))
    told = json.loads(text)
    assert name == "bayestrace-report.json"
    assert content_of().manifest.digest in told["about"].values()
    assert len(told["probabilities"]) == sum(len(case.rows) for case in content_of().cases)
    assert [one["name"] for one in told["explanations"]] == [one.name.text for one in content_of().hypotheses]
    observations = {
        one.id: one for case in content_of().cases for cluster in case.clusters for one in cluster.observations
    }
    assert [one["id"] for one in told["observations"]] == list(observations)
    for one in told["observations"]:
        assert one["claim"] == observations[one["id"]].claim.text


def test_hostile_texts_are_harmless_in_every_file(tab: Page, tmp_path: Path) -> None:
    watch = opened(tab, tmp_path, page_of("en", spoilt))
    for place in range(2):
        _, text = taken(tab, tab.locator("#reproduction .take button").nth(place))
        cells = [cell for row in rows_of(text) for cell in row]
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)
        for cell in cells:
            assert cell[:1] not in {"=", "+", "@", "\t", "\r"}
            if cell[:1] == "-":
                float(cell)
    _, text = taken(tab, figure(tab, "fall-0").locator(".take button").nth(0))
    root = ET.fromstring(text)  # noqa: S314 - as above
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    _, png = taken(tab, figure(tab, "fall-0").locator(".take button").nth(1))
    assert png[:4] == b"\x89PNG"
    assert tab.evaluate("window.broken") is None
    assert beyond(watch) == []


def test_by_keyboard_and_not_on_paper(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    button = figure(tab, "overview-0").locator(".take button").nth(2)
    assert handed_out(tab, button).suggested_filename == "bayestrace-overview-0.csv"
    assert "CSV" in (button.get_attribute("aria-label") or "")
    tab.emulate_media(media="print")
    assert tab.locator(".take:visible").count() == 0


def test_a_bar_opens_its_observations(tab: Page, tmp_path: Path) -> None:
    watch = opened(tab, tmp_path, page_of())
    for case in content_of().cases:
        if not any(cluster.leader_over for cluster in case.clusters):
            continue
        section = tab.locator(f"#case-{case.id}")
        expect(section.locator("svg.wide .opens")).to_have_count(
            sum(cluster.leader_over is not None for cluster in case.clusters)
        )
        largest = max(
            (cluster for cluster in case.clusters if cluster.leader_over),
            key=lambda cluster: abs(cluster.leader_over.value) if cluster.leader_over else 0.0,
        )
        assert section.locator("details[open]").count() == 0
        section.locator("svg.wide .opens").first.click()
        expect(section.locator(".opening details[open] summary span").first).to_have_text(largest.name.text)
        expect(section.locator(".opening details[open] li").first).to_be_in_viewport()
    assert beyond(watch) == []
