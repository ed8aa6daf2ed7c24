"""The command that prints the script by which a shell completes."""

from __future__ import annotations

import click

from bayestrace.cli import options
from bayestrace.messages import Both, Lang, fill

SHELLS = ("bash", "zsh", "fish", "powershell")

_HOW: dict[str, Both] = {
    "bash": Both(
        '# In ~/.bashrc:  eval "$(bayestrace completion bash)"',
        '# 写入 ~/.bashrc：eval "$(bayestrace completion bash)"',
    ),
    "zsh": Both(
        '# In ~/.zshrc:  eval "$(bayestrace completion zsh)"', '# 写入 ~/.zshrc：eval "$(bayestrace completion zsh)"'
    ),
    "fish": Both(
        "# Once:  bayestrace completion fish > ~/.config/fish/completions/bayestrace.fish",
        "# 运行一次：bayestrace completion fish > ~/.config/fish/completions/bayestrace.fish",
    ),
    "powershell": Both(
        "# In $PROFILE:  bayestrace completion powershell | Out-String | Invoke-Expression",
        "# 写入 $PROFILE：bayestrace completion powershell | Out-String | Invoke-Expression",
    ),
}


@click.command(
    "completion", short_help="Print the script by which a shell completes.", context_settings=options.CONTEXT
)
@click.argument("shell", type=click.Choice(SHELLS))
@options.LANG
@options.JSON
def completion(shell: str, lang: Lang, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Print the script by which a shell completes commands, options and the names of a study.

    \b
    Examples:
      eval "$(bayestrace completion bash)"
      bayestrace completion fish > ~/.config/fish/completions/bayestrace.fish
    """  # noqa: D301 - \b keeps click from joining the lines
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - for this command alone

    from bayestrace.cli import show  # noqa: PLC0415

    program = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the choices are those that click has
    script = kind(program, {}, "bayestrace", "_BAYESTRACE_COMPLETE").source()
    if as_json:
        click.echo(show.as_json({"completion": 1, "shell": shell, "script": script}))
    else:
        click.echo(fill(_HOW[shell], lang, {}) + "\n" + script)
