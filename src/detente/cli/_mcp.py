"""Tools for an assistant, over the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path

import click

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

    serve_tools(folder, writable, time_limit)
