"""What is asked of a coder: everything it needs, nothing of other coders, the same every time."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from sheets import asked_of, run, sheets_of, small, small_study
from small_study import FILES

from bayestrace.cli.coding_words import WORDS as TOLD
from bayestrace.coding.codebook import Block, blocks, find_codebook
from bayestrace.coding.form import form
from bayestrace.coding.made import changes, made_of, read_made
from bayestrace.coding.words import WORDS, codebook_in_short
from bayestrace.coding.words_form import FORM, SPOKEN
from bayestrace.coding.workbook import workbook
from bayestrace.errors import UsageFault
from bayestrace.messages import Lang
from bayestrace.reading import read_study
from bayestrace.reading.text import restored, starts_formula
from bayestrace.writing.cells import safe

ROOT = Path(__file__).parents[2]
SECRETS = ("Quixotry in the reason", "13.0625", "0.4567", "0.7654", "Zebulon", "Standpoint of a zebra")


def text_of(file: Path) -> str:
    """Everything that stands anywhere in a workbook, its XML unpacked."""
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_of_other_coders_is_in_a_sheet(tmp_path: Path, lang: Lang) -> None:
    reason, weight, chance, share, name, standpoint = SECRETS
    spoilt = {
        "study.yaml": FILES["study.yaml"].replace("Critic,", f"{name}, standpoint: {standpoint},"),
        "evidence/codings/critic-weights.csv": (
            f"evidence,hypothesis,against,low_db,best_db,high_db\none-buys,stakes,bargaining,,{weight},\n"
        ),
        "evidence/codings/critic-notes.csv": f"evidence,p_if_focal,rationale\none-buys,{chance},{reason}\n",
        "evidence/codings/critic-redundancy.csv": f"cluster,low,best,high\npurchase,,{share},\n",
    }
    study = read_study(small(tmp_path / "study", spoilt))
    assert all(secret in study.canonical() for secret in SECRETS), "the study does hold them"
    asked = asked_of(study, "neutral", lang, prefill=True)
    (tmp_path / "sheet.xlsx").write_bytes(workbook(asked))
    for text in (form(asked), text_of(tmp_path / "sheet.xlsx")):
        assert not [secret for secret in SECRETS if secret in text]
        assert "was announced" in text, "the coder's own reason is"
    own = asked_of(study, "critic", lang, prefill=True)
    assert reason in form(own), "blind to others, not to oneself"
    assert reason not in form(asked_of(study, "critic", lang)), "nor that, unless it is asked for"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_same_question_gives_the_same_bytes(tmp_path: Path, lang: Lang) -> None:
    study = small_study(tmp_path)
    one, other = (asked_of(study, "neutral", lang, shuffle=4, prefill=True) for _ in range(2))
    assert workbook(one) == workbook(other)
    assert form(one) == form(other)


def test_a_shuffled_order_is_the_coders_own_and_stays_when_observations_are_added(tmp_path: Path) -> None:
    study = read_study(ROOT)

    def order(coder: str, seed: int) -> list[str]:
        return [one.id for one in asked_of(study, coder, shuffle=seed).observations]

    assert order("a", 1) == order("a", 1) != order("b", 1)
    assert order("a", 2) != order("a", 1)
    assert sorted(order("a", 1)) == sorted(one.id for one in study.evidence)
    fewer = study.model_copy(update={"evidence": study.evidence[10:]})
    left = {one.id for one in fewer.evidence}
    assert [one.id for one in asked_of(fewer, "a", shuffle=1).observations] == [n for n in order("a", 1) if n in left]
    assert [one.id for one in asked_of(study, "a").observations] == [one.id for one in study.evidence]
    assert tmp_path.exists()


def test_context_is_shown_and_not_asked(tmp_path: Path) -> None:
    asked = asked_of(small_study(tmp_path))
    assert {one.id: one.asked for one in asked.observations}["one-context"] is False
    page = form(asked)
    (article,) = [part for part in page.split("<article")[1:] if 'data-evidence="one-context"' in part]
    assert "Background: nothing to fill in" in article
    assert "<input" not in article.split("</article>")[0]


def test_rivals_are_those_of_the_set_and_what_the_coder_weighed_before(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    assert [one.id for one in asked_of(study).rivals] == ["bargaining"]
    assert [one.id for one in asked_of(study, hypotheses="wide").rivals] == ["bargaining", "threat"]
    assert [one.id for one in asked_of(study, "neutral", prefill=True).rivals] == ["bargaining", "threat"]
    with pytest.raises(UsageFault, match="threat"):
        asked_of(study, "neutral", prefill=True, hypotheses="article")
    with pytest.raises(UsageFault, match="did you mean 'wide'"):
        asked_of(study, hypotheses="wid")
    with pytest.raises(UsageFault, match="no coder 'nobody'"):
        asked_of(study, "nobody", prefill=True)


def test_what_fits_into_no_sheet_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="probabilities"):
        asked_of(small_study(tmp_path / "p"), "guest", prefill=True)
    tree = "evidence,hypothesis,against,low_db,best_db,high_db\none-buys,bargaining,threat,,1,\n"
    study = read_study(small(tmp_path / "t", {"evidence/codings/critic-weights.csv": tree}))
    with pytest.raises(UsageFault, match="bargaining, threat"):
        asked_of(study, "critic", prefill=True)
    only = study.model_copy(update={"evidence": tuple(one for one in study.evidence if one.context)})
    with pytest.raises(UsageFault, match="nothing to code"):
        asked_of(only)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_cell_starts_a_formula(tmp_path: Path, lang: Lang) -> None:
    nasty = {
        "study.yaml": FILES["study.yaml"]
        .replace("A small study", '"=HYPERLINK(1)"')
        .replace("name: Stakes,", 'name: "+1", ')
        .replace("zh: 微不足道", 'zh: "=1+1"')
        .replace("en: negligible", 'en: "@x"'),
        "evidence/one.yaml": FILES["evidence/one.yaml"]
        .replace("{en: It buys, zh: 购买}", '"=cmd|x"')
        .replace("It bought missiles.", '"-1+1"'),
        "evidence/codebook.md": "# =A1\n\n+1\n\n| =x | @y |\n|---|---|\n| -1 | =2 |\n\n- -item\n\n    =code\n",
        "evidence/codings/neutral-notes.csv": "evidence,p_if_focal,rationale\none-buys,,\"'=1+1\"\none-says,,'''=x\n",
    }
    folder = small(tmp_path / "study", nasty)
    study = read_study(folder)
    asked = asked_of(study, "neutral", lang, prefill=True, codebook=find_codebook(folder, lang))
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(workbook(asked))
    xml = text_of(file)
    assert "<f>" not in re.sub(r"<dataValidations.*?</dataValidations>", "", xml, flags=re.DOTALL)
    strings = re.findall(r"<t[^>]*>(.*?)</t>", xml, flags=re.DOTALL)
    assert len(strings) > 50
    kept = [text.replace("&apos;", "'") for text in strings]
    assert not [text for text in kept if text[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    texts = {text for cells in sheets_of(file).values() for text in cells.values()}
    assert {"=cmd|x", "-1+1", "=1+1", "''=x"} <= texts, "and is read as it was"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "'=1", "''-x", "'", "'a", "", "a=1", "1"])
def test_a_guarded_text_is_read_as_it_was(text: str) -> None:
    assert restored(safe(text)) == text
    assert safe(text).startswith("'") is (starts_formula(text) or text.startswith("'"))


def test_a_mark_tells_what_has_changed(tmp_path: Path) -> None:
    study = read_study(small(tmp_path / "a"))
    made = made_of(study, "wang", "en", ["bargaining"], ["purchase"])
    assert read_made(made.data()) == made
    assert read_made({**made.data(), "rivals": [1]}) is read_made([]) is read_made({}) is None
    assert not changes(made, study)
    two = FILES["evidence/two.yaml"]
    later = {
        "evidence/one.yaml": FILES["evidence/one.yaml"].replace("It said so.", "It said otherwise."),
        "evidence/two.yaml": two.replace("two-leaves", "two-stays"),
        "study.yaml": FILES["study.yaml"].replace("name: Bargaining}", "name: Bargains}"),
    }
    later |= {name: text.replace("two-leaves", "two-stays") for name, text in FILES.items() if "codings" in name}
    since = changes(made, read_study(small(tmp_path / "b", later)))
    assert since.added == ("two-stays",)
    assert since.removed == ("two-leaves",)
    assert since.changed == ("one-says",)
    assert since.explanations == ("bargaining",)
    codings = {"evidence/codings/critic-redundancy.csv": "cluster,low,best,high\npurchase,,0.1,\n"}
    assert made_of(read_study(small(tmp_path / "c", codings)), "li", "zh", ["bargaining"], ["purchase"]).digest() == (
        made.digest()
    ), "neither codings nor who is asked"


def test_a_codebook_is_read_to_plain_blocks() -> None:
    text = "# One *two*\n\nA [link](x.md) and `code`,\nnext.\n\n1. first\n2. second\n   - inner\n\n"
    text += "|a|b|\n|-|-|\n|1|2|\n\n    W = 1\n"
    assert blocks(text) == (
        Block("heading", ("One two",), 1),
        Block("text", ("A link and code, next.",)),
        Block("item", ("first",), 1, "1."),
        Block("item", ("second",), 1, "2."),
        Block("item", ("inner",), 2, "•"),
        Block("head", ("a", "b")),
        Block("row", ("1", "2")),
        Block("code", ("W = 1",)),
    )
    assert blocks("汉字，\n汉字\nab\n")[0].cells == ("汉字，汉字 ab",)
    assert blocks("<script>x</script>")[0].cells == ("<script>x</script>",)
    for lang in ("en", "zh"):
        assert len(blocks(codebook_in_short(lang))) >= 6


@pytest.mark.parametrize("table", [WORDS, FORM, SPOKEN, TOLD], ids=["both", "form", "script", "command"])
def test_every_word_has_both_languages_and_the_same_details(table: dict[str, tuple[str, str]]) -> None:
    for key, (en, zh) in table.items():
        assert set(re.findall(r"\{(\w+)\}", en)) == set(re.findall(r"\{(\w+)\}", zh)), key
        assert not re.search(r"[一-鿿]", en), key


def test_the_command_writes_both_and_says_where(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    done = run("sheet", folder, "--coder", "critic")
    assert done.exit_code == 0, done.output
    assert "编码表" in done.stdout, "the coder's own language"
    assert {path.name for path in (folder / "sheets").iterdir()} == {"small-critic.xlsx", "small-critic.html"}
    assert run("check", folder).exit_code == 0
    done = run("sheet", folder, "--coder", "critic", "--form", "--lang", "en", "--out", tmp_path / "x", "--json")
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["small-critic.html"]
    assert '"written"' in done.stdout
    bad = run("sheet", folder, "--coder", "../x")
    assert bad.exit_code == 2
    assert "cannot be the id of a coder" in bad.stderr
