"""The form for coders in a real browser: what is typed is what comes back, nothing leaves the page, nothing is lost."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import xarray as xr
from axe_playwright_python.sync_playwright import Axe
from browsing import Watch, handed_out
from playwright.sync_api import Browser, Locator, Page, expect
from small_study import FILES, write
from test_report_browser import HOSTILE

from bayestrace.agreement.stated import kinds_of_test
from bayestrace.coding.asked import Asked, ask
from bayestrace.coding.form import form
from bayestrace.coding.returned import open_returned
from bayestrace.coding.taken import Taken, take
from bayestrace.messages import Lang
from bayestrace.reading import read_study
from bayestrace.study import Study, Text

ROOT = Path(__file__).parents[2]
Scheme = Literal["light", "dark"]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return read_study(write(tmp_path / "study", FILES))


def asked_of(study: Study, lang: Lang = "en", coder: str = "wang", **options: Any) -> Asked:
    return ask(study, coder, lang, **options)


def card(tab: Page, evidence: str) -> Locator:
    return tab.locator(f'article[data-evidence="{evidence}"]')


def field(tab: Page, evidence: str, rival: str, end: str = "best", kind: str = "typed") -> Locator:
    return card(tab, evidence).locator(f'[data-rival="{rival}"] [data-{kind}="{end}"]')


def saved(tab: Page, act: str, target: Path) -> Path:
    """Press a button that hands a file out, and keep the file."""
    handed = handed_out(tab, tab.locator(f'[data-do="{act}"]').last)
    file = target / handed.suggested_filename
    handed.save_as(file)
    return file


def taken(study: Study, *files: Path, coder: str = "wang") -> Taken:
    return take(coder, [open_returned(file) for file in files], study)


def test_what_is_filled_in_comes_back_as_it_was_typed(tab: Page, tmp_path: Path, study: Study) -> None:
    watch = Watch(tab, tmp_path / "form.html", form(asked_of(study, hypotheses="wide")))
    expect(tab.locator("#count")).to_have_text("0 of 4 coded")
    slider = field(tab, "one-buys", "bargaining", kind="end")
    slider.focus()
    for _ in range(5):
        tab.keyboard.press("ArrowRight")
    expect(field(tab, "one-buys", "bargaining")).to_have_value("2.5")
    field(tab, "one-buys", "bargaining", "low").fill("-1.125")
    field(tab, "one-buys", "bargaining", "high").fill("0.30000000000000004e1")
    field(tab, "one-buys", "threat").fill("1:5")
    card(tab, "one-buys").locator("[data-p] [data-typed]").fill("0.9")
    card(tab, "one-buys").locator("textarea").fill('=so, "it" is\nhere')
    field(tab, "one-says", "threat").fill("slight")
    card(tab, "one-says").locator('[data-rival="bargaining"] [data-do="zero"]').click()
    tab.locator('[data-cluster] [data-typed="best"]').first.fill("0.35")
    expect(tab.locator("#count")).to_have_text("2 of 4 coded; 1 without a reason")
    said = card(tab, "one-buys").locator('[data-rival="threat"] .said')
    expect(said).to_contain_text("5 times as probable under “Threat” as under “Stakes” (1 : 5)")
    kind = card(tab, "one-buys").locator(".kind")
    expect(kind).to_contain_text("Against the closest rival, “Threat”: hoop test.")
    expect(kind).to_contain_text("(these weights make it more than 1)")
    file = saved(tab, "save", tmp_path)
    assert file.name == "small-wang.coding.json"
    found = taken(study, file)
    assert found.files["weights"].splitlines()[1:] == [
        "one-buys,stakes,bargaining,-1.125,2.5,0.30000000000000004e1",
        "one-buys,stakes,threat,,-6.989700043360188,",
        "one-says,stakes,bargaining,,0,",
        "one-says,stakes,threat,,3,",
    ]
    assert found.coding.judgements[0].rationale == '=so, "it" is\nhere'
    assert found.coding.redundancies[0].best == 0.35
    csv = [saved(tab, "csv", tmp_path), saved(tab, "csv-redundancy", tmp_path)]
    cells = csv[0].read_text(encoding="utf-8-sig").splitlines()
    assert any("'=so" in line for line in cells)
    for file in csv:
        file.write_bytes(file.read_text(encoding="utf-8-sig").encode("gb18030"))
    assert taken(study, *csv).files == found.files
    assert [one for one in watch.beyond_itself() if not one.startswith("request blob:")] == []


@pytest.mark.parametrize(("coder", "lang"), [("neutral", "zh"), ("bargaining", "en")])
def test_a_real_coding_goes_through_the_form_unchanged(tab: Page, tmp_path: Path, coder: str, lang: Lang) -> None:
    whole = read_study(ROOT)
    Watch(tab, tmp_path / "form.html", form(asked_of(whole, lang, coder, prefill=True, shuffle=2)))
    expect(tab.locator("#count")).to_contain_text("112")
    tab.locator("article[data-asked] textarea").first.press("End")  # a key that changes nothing
    files = [saved(tab, act, tmp_path) for act in ("save", "csv", "csv-redundancy")]
    for table in files[1:]:
        text = table.read_text(encoding="utf-8-sig")
        table.write_bytes(text.encode("gb18030"))
    for sent in ([files[0]], files[1:]):
        found = taken(whole, *sent, coder=coder)
        for kind, text in found.files.items():
            assert text == (ROOT / f"evidence/codings/{coder}-{kind}.csv").read_text(encoding="utf-8")


def test_what_cannot_be_meant_is_said_at_once(tab: Page, tmp_path: Path, study: Study) -> None:
    Watch(tab, tmp_path / "form.html", form(asked_of(study)))
    typed = {
        "2,5": "is no weight",
        "5:0": "is no weight",
        "mighty": "is no weight",
        "1e999": "is no weight",
        "−３": "−3 dB",
        "4分贝": "4 dB",
        "20:1": "13.01 dB · strong",
    }
    place = card(tab, "one-buys").locator('[data-rival="bargaining"] .said')
    for text, told in typed.items():
        field(tab, "one-buys", "bargaining").fill(text)
        expect(place).to_contain_text(told)
    field(tab, "one-buys", "bargaining", "low").fill("14")
    expect(place).to_have_text("Give low and high, or neither.")
    field(tab, "one-buys", "bargaining", "high").fill("15")
    expect(place).to_have_text("Expected: low up to best, best up to high.")
    expect(field(tab, "one-buys", "bargaining")).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("#count")).to_contain_text("1 to look at again")
    expect(card(tab, "one-buys").locator(".badge")).to_have_text("please look again")


def test_a_file_with_something_wrong_in_it_is_not_called_ready(tab: Page, tmp_path: Path, study: Study) -> None:
    Watch(tab, tmp_path / "form.html", form(asked_of(study)))
    for text, told in (("2,5", "Not to be sent back yet: 1 to look at again"), ("2.5", "Please send it back")):
        field(tab, "one-buys", "bargaining").fill(text)
        saved(tab, "save", tmp_path)
        expect(tab.locator("#told")).to_contain_text(told)


def test_kinds_of_test_are_those_of_the_report(tab: Page, tmp_path: Path, study: Study) -> None:
    Watch(tab, tmp_path / "form.html", form(asked_of(study, hypotheses="wide")))
    grid = list(itertools.product((0.05, 0.2, 0.5, 0.79, 0.8, 0.95, 1.0), (-5.0, 0.0, 0.5, 3.0, 6.02, 7.0, 20.0)))
    names = [str(place) for place in range(len(grid))]
    problem = xr.Dataset(
        {"p_if_focal": (("coder", "evidence"), np.array([[chance for chance, _ in grid]]))},
        coords={"hypothesis": ["stakes", "bargaining", "threat"], "evidence": names},
        attrs={"focal": "stakes"},
    )
    db = np.array([[0.0, -weight, -weight - 1.0] for _, weight in grid])
    right = kinds_of_test(problem, xr.DataArray(db, dims=("evidence", "hypothesis")))["kind"].values
    shown = []
    for chance, weight in grid:
        field(tab, "one-buys", "bargaining").fill(str(weight))
        field(tab, "one-buys", "threat").fill(str(weight + 1.0))
        card(tab, "one-buys").locator("[data-p] [data-typed]").fill(str(chance))
        shown.append(card(tab, "one-buys").locator(".kind").get_attribute("data-kind"))
    assert shown == list(right)
    assert set(shown) == {"hoop", "smoking-gun", "doubly-decisive", "straw-in-the-wind"}


def test_work_is_kept_and_taken_up_again(browser: Browser, tmp_path: Path, study: Study) -> None:
    context = browser.new_context()
    tab = context.new_page()
    page = form(asked_of(study))
    watch = Watch(tab, tmp_path / "form.html", page)
    field(tab, "one-buys", "bargaining").fill("4.25")
    expect(tab.locator("#told")).to_have_text("Kept in this browser; not yet saved to a file.")
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.reload()
    assert any(note.startswith("dialog") for note in watch.noted), "who leaves with unsaved work is asked"
    expect(field(tab, "one-buys", "bargaining")).to_have_value("4.25")
    expect(field(tab, "one-buys", "bargaining", kind="end")).to_have_value("4.5")
    file = saved(tab, "save", tmp_path)
    watch.noted.clear()
    tab.reload()
    assert not any(note.startswith("dialog") for note in watch.noted), "what is in a file may be left"
    context.close()

    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    Watch(other, tmp_path / "again.html", page)
    expect(field(other, "one-buys", "bargaining")).to_have_value("")
    for text, told in (
        ("{}", "no file that this page saved"),
        (file.read_text().replace('"wang"', '"li"'), "made for li"),
    ):
        (tmp_path / "wrong.json").write_text(text)
        other.locator("#file").set_input_files(tmp_path / "wrong.json")
        expect(other.locator("#told")).to_contain_text(told)
    other.locator("#file").set_input_files(file)
    expect(field(other, "one-buys", "bargaining")).to_have_value("4.25")
    expect(other.locator("#told")).to_have_text("Loaded small-wang.coding.json: 1 observations.")
    elsewhere.close()


def test_one_finds_ones_way_by_keyboard_and_filter(tab: Page, tmp_path: Path, study: Study) -> None:
    Watch(tab, tmp_path / "form.html", form(asked_of(study)))
    focused = "document.activeElement.closest('article')?.dataset.evidence"
    tab.keyboard.press("Control+Enter")
    assert tab.evaluate(focused) == "one-buys"
    field(tab, "one-buys", "bargaining").fill("1")
    tab.keyboard.press("Control+Enter")
    assert tab.evaluate(focused) == "one-says"
    tab.locator("#show").select_option("open")
    expect(card(tab, "one-buys")).to_be_hidden()
    expect(card(tab, "one-context")).to_be_hidden()
    expect(card(tab, "two-pays")).to_be_visible()
    tab.locator("#show").select_option("case:one")
    expect(card(tab, "one-buys")).to_be_visible()
    expect(card(tab, "one-context")).to_be_visible()
    expect(card(tab, "two-pays")).to_be_hidden()
    with tab.expect_download():
        tab.keyboard.press("Control+s")


def hostile(study: Study, payloads: itertools.cycle[str]) -> Study:
    """Put a hostile text into every place that a coder reads."""

    def text() -> Text:
        payload = next(payloads)
        return Text(en=payload, zh=payload)

    scale = study.scale.model_copy(
        update={"anchors": tuple(one.model_copy(update={"word": text()}) for one in study.scale.anchors)}
    )
    steps = {name: one.model_copy(update={"name": text()}) for name, one in study.mechanism.steps.items()}
    return study.model_copy(
        update={
            "title": text(),
            "question": text(),
            "hypotheses": {
                name: one.model_copy(update={"name": text(), "claim": text()}) for name, one in study.hypotheses.items()
            },
            "cases": {name: one.model_copy(update={"name": text()}) for name, one in study.cases.items()},
            "mechanism": study.mechanism.model_copy(update={"steps": steps}),
            "clusters": {name: text() for name in study.clusters},
            "actors": {name: text() for name in study.actors},
            "coders": {name: one.model_copy(update={"name": text()}) for name, one in study.coders.items()},
            "scale": scale,
            "sources": {name: {**one, "title": next(payloads)} for name, one in study.sources.items()},
            "evidence": tuple(one.model_copy(update={"title": text(), "claim": text()}) for one in study.evidence),
            "codings": tuple(
                one.model_copy(
                    update={
                        "judgements": tuple(
                            said.model_copy(update={"rationale": next(payloads)}) for said in one.judgements
                        )
                    }
                )
                for one in study.codings
            ),
        }
    )


@pytest.mark.parametrize("first", [0, 20, 40])
def test_hostile_texts_stay_texts(tab: Page, tmp_path: Path, study: Study, first: int) -> None:
    payloads = itertools.cycle([*HOSTILE[first:], *HOSTILE[:first]])
    spoilt = hostile(study, payloads)
    book = "\n\n".join(HOSTILE)
    page = form(asked_of(spoilt, "zh", "neutral", prefill=True, codebook=book))
    harmless = hostile(study, itertools.cycle(["x"]))
    plain = form(asked_of(harmless, "zh", "neutral", prefill=True, codebook="\n\n".join("x" for _ in HOSTILE)))
    watch = Watch(tab, tmp_path / "form.html", page)
    tab.locator("details").first.evaluate("one => { one.open = true; }")
    expect(tab.locator("#count")).not_to_be_empty()
    assert tab.evaluate("window.broken") is None
    assert watch.beyond_itself() == []
    elements = "[...document.body.querySelectorAll(':not(.codebook *, i)')].map((one) => one.tagName)"
    tags = tab.evaluate(elements)
    assert HOSTILE[0] in tab.evaluate("document.body.textContent"), "it is shown as it is"
    Watch(tab, tmp_path / "plain.html", plain)
    assert tags == tab.evaluate(elements)
    file = saved(tab, "save", tmp_path)
    assert json.loads(file.read_text())["coder"] == "neutral"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("look", [("light", 390), ("dark", 1280)])
def test_the_form_is_accessible(
    browser: Browser, tmp_path: Path, study: Study, lang: Lang, look: tuple[Scheme, int]
) -> None:
    scheme, width = look
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    tab = context.new_page()
    Watch(tab, tmp_path / "form.html", form(asked_of(study, lang, hypotheses="wide")))
    field(tab, "one-buys", "bargaining").fill("6")
    field(tab, "one-buys", "threat").fill("?")
    card(tab, "one-buys").locator("[data-p] [data-typed]").fill("0.9")
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    told = Axe().run(tab).response
    assert len(told["passes"]) > 15, "axe has looked"
    grave = [one for one in told["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in grave] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, "nothing overflows"
    context.close()
