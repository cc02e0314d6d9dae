"""The live page."""

from __future__ import annotations

import ipaddress
import sys
import webbrowser
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import click

from detente.cli._group import STOPPED, complain
from detente.cli._writing import say


@click.command()
@click.argument("place", metavar="[CASE|FOLDER]", default=".")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="An address of this machine that others reach; 0.0.0.0 for all of them.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Without it 8737, or one that is free; 0 takes one that is free.",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.pass_context
def serve(ctx: click.Context, place: str, host: str, port: int | None, no_browser: bool) -> None:
    """Open a live page on a case or a folder of cases: move assumptions, watch the answers.

    A case that has mistakes opens too, and the page shows them. Ctrl-C ends the server.
    """
    from detente.workbench import serve as serve_folder

    root, page = _opened(place)

    def opened(address: str) -> None:
        say(address)
        sys.stdout.flush()
        if not _is_this_machine(host):
            complain(
                "others on the network can reach this page: whoever has this address, with its "
                "token, can read and change the files of the folder; nothing is encrypted"
            )
        if not no_browser:  # one that runs in the terminal must not hold up the server
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    try:
        serve_folder(root, page, host, port, opened, lambda words: say(words, err=True))
    except KeyboardInterrupt:
        complain("stopped")
        ctx.exit(STOPPED)


def _opened(place: str) -> tuple[Path, str]:
    """Return the folder to serve and the page to open."""
    from detente.case import builtin_cases, load

    path = Path(place)
    if place in builtin_cases():
        return Path(), f"/claims?case={quote(place)}"
    if path.is_dir():
        return path, "/"
    if not path.is_file():
        load(place)  # which says what is wrong with the name
    real = path.resolve()
    return real.parent, f"/claims?case={quote(real.name)}"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
