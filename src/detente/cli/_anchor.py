"""Where a sentence stands in a source, to paste into a claim."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._group import WRONG_INPUT
from detente.cli._writing import print_result


@click.command()
@click.argument("document", metavar="DOC", type=click.Path(path_type=Path))
@click.argument("words", metavar="WORDS")
@click.option("--source", metavar="ID", help="Id of the source; the name of DOC by default.")
@options.as_json
def anchor(document: Path, words: str, source: str | None, as_json: bool) -> None:
    """Print where in DOC the sentence stands that starts with WORDS, as a claim's `where`.

    DOC is your copy of the source, plain text or Markdown; it is read as `detente check --sources`
    reads it.
    """
    from detente.case import find_anchors

    found = find_anchors(document, words, source)
    print_result(found.to_dict() if as_json else found, as_json)
    if not found.matches:
        raise SystemExit(WRONG_INPUT)
