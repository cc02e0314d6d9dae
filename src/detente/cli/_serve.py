"""The live page."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from urllib.parse import quote

import click


@click.command()
@click.argument("place", metavar="[CASE|FOLDER]", default=".")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="0 takes one that is free.")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
def serve(place: str, port: int, no_browser: bool) -> None:
    """Open a live page on a case or a folder of cases: move assumptions, watch the answers."""
    import detente
    from detente.case import builtin_cases
    from detente.workbench import serve as serve_folder

    path = Path(place)
    if place in builtin_cases():
        root, page = Path(), f"/claims?case={place}"
    elif path.is_dir():
        root, page = path, "/"
    else:
        detente.load(place)
        root, page = path.parent, f"/claims?case={quote(path.name)}"

    def opened(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()
        if not no_browser:
            webbrowser.open(address)

    serve_folder(root, page, port, opened, lambda words: click.echo(words, err=True))
