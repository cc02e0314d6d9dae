"""Other tools' files."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli._writing import say


@click.command()
@click.argument("source")
@click.argument("target", type=click.Path(path_type=Path))
def convert(source: str, target: Path) -> None:
    """Write a case, graph-model or Gambit file as .yaml, .gmcr, .nfg, .prism, .tra or .drn.

    SOURCE may be the name of a built-in case. With .prism (a program for PRISM and Storm), .tra
    (three files for PRISM) and .drn (Storm) the case is solved and its chain written.
    """
    from detente.interop import LEFT_OUT, convert

    for file in convert(source, target):
        say(f"wrote {file}")
    ending = target.suffix.lower()
    if ending in LEFT_OUT and Path(source).suffix.lower() not in LEFT_OUT:
        say(f"left out, as a {ending} file has no place for them: {LEFT_OUT[ending]}")
