"""The program: its commands by what they are for, and how errors become exit codes."""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper
from typing import Any

import click

from bayestrace import __version__
from bayestrace.cli import options
from bayestrace.cli.agreement import agreement
from bayestrace.cli.appendix import appendix
from bayestrace.cli.calibrate import calibrate
from bayestrace.cli.check import check
from bayestrace.cli.collect import collect
from bayestrace.cli.compare import compare_results
from bayestrace.cli.completion import completion
from bayestrace.cli.doctor import doctor
from bayestrace.cli.export import export
from bayestrace.cli.faults import tell
from bayestrace.cli.foresee import predict
from bayestrace.cli.new import new, schema
from bayestrace.cli.predict import predict_coder
from bayestrace.cli.qda import export_qda, import_qda
from bayestrace.cli.references import list_references
from bayestrace.cli.report import report_result
from bayestrace.cli.seek import seek
from bayestrace.cli.sensitivity import sensitivity
from bayestrace.cli.sheet import sheet
from bayestrace.cli.update import update
from bayestrace.cli.verify import verify_result

#: The commands, by what they are for, in the order in which a study meets them.
SECTIONS: dict[str, tuple[click.Command, ...]] = {
    "A study": (new, check, list_references, schema),
    "The answer": (update, report_result, appendix, sensitivity, compare_results),
    "What is not known yet": (seek, predict),
    "The coders": (sheet, collect, agreement, predict_coder),
    "Other programs": (export, import_qda, export_qda),
    "Trust": (calibrate, verify_result),
    "This machine": (doctor, completion),
}


class Program(click.Group):
    """The program: every fault that a user can meet ends in a sentence and an exit code, never in a traceback."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program, whatever the terminal can show."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                # A locale of C says nothing of the terminal; others do, and what they lack is written as its number.
                plain = codecs.lookup(stream.encoding).name == "ascii"
                stream.reconfigure(encoding="utf-8" if plain else None, errors="backslashreplace")
        return super().main(*args, **extra)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands section by section, each with the first sentence of its help."""
        width = formatter.width - 6 - max(len(name) for name in self.list_commands(ctx))
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(str(one.name), one.get_short_help_str(width)) for one in commands])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and word what goes wrong."""
        lang = options.language_of([*ctx._protected_args, *ctx.args])  # noqa: SLF001
        try:
            return super().invoke(ctx)
        # Whoever reads what is printed may stop reading, as `head` does: click ends quietly then.
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            from bayestrace.cli.words import say  # noqa: PLC0415

            click.echo("\n" + say("interrupted", lang), err=True)
            ctx.exit(options.EXIT_INTERRUPTED)
        except Exception as fault:  # noqa: BLE001 - the last resort before the user
            ctx.exit(tell(fault, lang))


@click.group(cls=Program, context_settings=options.CONTEXT, no_args_is_help=True)
@click.version_option(__version__, prog_name="bayestrace")
def main() -> None:
    """Weigh the evidence of a few cases: Bayesian process tracing with several coders.

    A study is a folder of text files: hypotheses, cases, evidence, what coders said of it, priors; or one file: a
    workbook, or the one as which a report hands its study out.

    \b
    Examples:
      bayestrace new my-study
      bayestrace check
      bayestrace update
      bayestrace update study.xlsx
      bayestrace update path/to/study --profile sceptical --lang zh
      bayestrace report --lang zh --open
      bayestrace sensitivity
      bayestrace sheet --coder NAME
      bayestrace COMMAND --help

    中文：各命令加 --lang zh，或一次设定环境变量 BAYESTRACE_LANG=zh（Windows：setx BAYESTRACE_LANG zh）。

    Exit codes: 0 fine; 1 a bug; 2 wrong usage; 3 the study has faults; 4 a result was written but a check
    failed; 5 a file could not be read or written; 130 interrupted.
    """  # noqa: D301 - \b keeps click from joining the lines


for _section in SECTIONS.values():
    for _command in _section:
        main.add_command(_command)
