"""What every command keeps to: help with examples, --lang, --json, no colour, completion."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from bayestrace.cli import main

ROOT = Path(__file__).parents[2]
VOTING = ROOT / "examples" / "electoral-systems"
COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_both_languages_and_json(name: str) -> None:
    options = {option for parameter in main.commands[name].params for option in parameter.opts}
    assert {"--lang", "--json"} <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_examples_of_its_own_command(name: str) -> None:
    text = CliRunner().invoke(main, [name, "--help"]).stdout
    assert re.search(r"Examples?:\n(.+\n)*?.*bayestrace " + re.escape(name), text)
    assert all(len(line) <= 120 for line in text.splitlines())


def test_the_help_of_the_program_lists_every_command_with_a_whole_sentence() -> None:
    text = CliRunner().invoke(main, ["--help"], terminal_width=80).stdout
    rows = dict(re.findall(r"^  ([a-z][a-z-]+)  +(\S.*)$", text, flags=re.MULTILINE))
    assert sorted(rows) == COMMANDS
    assert [name for name, said in rows.items() if said.endswith("...")] == []


@pytest.mark.parametrize("arguments", [["check"], ["doctor", "--no-compile"], ["completion", "bash"]])
def test_json_is_one_object_with_the_version_of_its_layout(arguments: list[str]) -> None:
    place = [str(ROOT)] if arguments == ["check"] else []
    told = json.loads(CliRunner().invoke(main, [*arguments, *place, "--json"]).stdout)
    assert told[arguments[0]] == 1


@pytest.mark.parametrize("arguments", [["check", str(ROOT)], ["check", "/no/such/study"], ["seek", "--help"]])
def test_nothing_is_coloured_even_on_a_terminal(arguments: list[str]) -> None:
    """So NO_COLOR, TERM=dumb and a log are all served alike."""
    parent, child = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "bayestrace", *arguments], stdout=child, stderr=child, stdin=child, check=False
    )
    os.close(child)
    told = b""
    try:
        while piece := os.read(parent, 1 << 16):
            told += piece
    except OSError:  # how a terminal ends on Linux
        pass
    os.close(parent)
    assert told
    assert b"\x1b" not in told


def test_a_reader_who_stops_reading_sees_no_traceback() -> None:
    command = f"'{sys.executable}' -m bayestrace schema | true"  # gone before anything is printed
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_script_for_each_shell(shell: str) -> None:
    told = CliRunner().invoke(main, ["completion", shell, "--lang", "zh"])
    assert told.exit_code == 0
    assert "_BAYESTRACE_COMPLETE" in told.stdout


def test_the_script_is_one_that_bash_takes() -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    done = subprocess.run(["/bin/bash", "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def completed(arguments: list[str], begun: str) -> list[str]:
    complete = ShellComplete(main, {}, "bayestrace", "_BAYESTRACE_COMPLETE")
    return [item.value for item in complete.get_completions(arguments, begun)]


@pytest.mark.parametrize(
    ("arguments", "begun", "found"),
    [
        ([], "sen", ["sensitivity"]),
        (["update", str(ROOT), "--profile"], "s", ["sceptical"]),
        (["update", str(VOTING), str(ROOT)], "--profile=", ["reference"]),
        (["update", str(ROOT), "--hypotheses"], "ex", ["extended"]),
        (["update", str(ROOT), "--coders"], "neutral,p", ["neutral,proponent"]),
        (["update", str(ROOT), "--coders"], "neutral,n", []),
        (["predict-coder", str(ROOT), "--coder"], "b", ["bargaining"]),
        (["sensitivity", "--only"], "sim", ["simplex"]),
        (["update", "--lang", "zh", str(VOTING), "--profile"], "", ["reference"]),
        (["update", str(ROOT / "docs"), "--profile"], "", ["reference"]),
        (["update", str(ROOT / "docs"), "--hypotheses"], "", []),
    ],
)
def test_names_of_the_study_are_completed(arguments: list[str], begun: str, found: list[str]) -> None:
    assert completed(arguments, begun) == found


def test_a_group_has_no_command_without_words() -> None:
    assert all(isinstance(command, click.Command) and command.help for command in main.commands.values())
