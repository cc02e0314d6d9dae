"""The command line: parse, call, print; one command per file.

Numerical libraries are imported by the commands that need them, so that ``detente --help`` is
instant.
"""

from __future__ import annotations

import click

from detente.cli._anchor import anchor
from detente.cli._bargain import bargain
from detente.cli._cases import cases
from detente.cli._check import check
from detente.cli._compare import compare
from detente.cli._convert import convert
from detente.cli._deals import deals
from detente.cli._draft import draft
from detente.cli._evidence import evidence
from detente.cli._explain_format import explain_format
from detente.cli._explore import explore
from detente.cli._forecast import forecast
from detente.cli._group import Commands
from detente.cli._mcp import mcp
from detente.cli._new import new
from detente.cli._oneshot import oneshot
from detente.cli._panel import panel
from detente.cli._placebo import placebo
from detente.cli._read import read
from detente.cli._run import run
from detente.cli._schema import schema
from detente.cli._seal import seal, verify
from detente.cli._serve import serve
from detente.cli._slopes import slopes
from detente.cli._stability import stability
from detente.cli._study import study
from detente.cli._why import why

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    None, "--version", "-v", package_name="detente", message="detente %(version)s"
)
def main() -> None:
    """Turn an argument about a conflict into a model that runs.

    CASE is the name of a built-in case (see `detente cases`) or the path of a case file.
    """


for _command in (
    read,
    serve,
    run,
    why,
    slopes,
    study,
    explore,
    compare,
    check,
    draft,
    new,
    anchor,
    cases,
    schema,
    explain_format,
    stability,
    oneshot,
    forecast,
    deals,
    bargain,
    evidence,
    placebo,
    panel,
    seal,
    verify,
    convert,
    mcp,
):
    main.add_command(_command)
