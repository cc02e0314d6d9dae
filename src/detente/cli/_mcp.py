"""Tools for an assistant, over the Model Context Protocol."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from detente.cli._group import complain

_FOLDER = click.Path(path_type=Path)


@click.command()
@click.option(
    "--folder",
    type=_FOLDER,
    default=Path(),
    metavar="DIR",
    help="The folder whose cases can be named, beside the built-in ones; the present one by "
    "default. Nothing beside it is read.",
)
@click.option(
    "--write",
    "writable",
    type=_FOLDER,
    metavar="DIR",
    help="Let cases be saved in this folder, which lies in --folder; without it nothing is "
    "written.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(1.0, 86_400.0),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="Leave off a call after this long.",
)
def mcp(folder: Path, writable: Path | None, time_limit: float) -> None:
    """Serve the questions about cases as tools for an assistant (extra `mcp`).

    An assistant's program starts this and speaks the Model Context Protocol with it on the standard
    streams. It only reads, unless --write names a folder.
    """
    from detente.mcp_server import serve_tools

    if sys.stdin.isatty():
        complain("waiting for the program of an assistant, which starts this by itself; see --help")
    serve_tools(folder, writable, time_limit)
