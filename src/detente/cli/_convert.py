"""Other tools' files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
def convert(source: Path, target: Path) -> None:
    """Write a case, graph-model or Gambit file as .yaml, .gmcr, .nfg, or .prism (a chain)."""
    from detente.interop import convert

    convert(source, target)
    click.echo(f"wrote {target}")
