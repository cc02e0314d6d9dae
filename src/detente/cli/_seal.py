"""Forecasts on record: sealed before the event, verified after it."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._evidence import evidence
from detente.cli._writing import print_json, print_result, say
from detente.errors import InputError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@options.case
@click.option("--ledger", required=True, type=_FILE, metavar="FILE", help="The ledger to add to.")
@click.option(
    "--questions",
    type=_FILE,
    metavar="FILE",
    help="Questions with their rubrics, to be forecast and sealed too.",
)
@options.draws(200)
@options.seed
@options.workers("Threads")
@options.as_json
def seal(
    case: str,
    ledger: Path,
    questions: Path | None,
    draws: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Put a forecast of CASE on record in a ledger whose entries chain by hash.

    Give the last line's hash to somebody else: it vouches for all entries up to it.
    """
    import detente
    from detente.cli._progress import progress_bar
    from detente.evidence import seal_forecast

    with progress_bar("solving draws") as progress:
        found = seal_forecast(
            detente.load(case),
            ledger,
            draws,
            seed,
            questions=questions,
            workers=workers,
            progress=progress,
        )
    if as_json:
        print_json(found.to_dict())
        return
    say(f"{found}\nledger   {ledger}")


@click.command()
@click.argument("ledger", type=_FILE, metavar="FILE")
@click.option(
    "--last",
    metavar="HASH",
    help="The hash of an entry that was handed out: see that the ledger has it.",
)
@click.option("--chain", is_flag=True, help="Check the hashes only, run nothing again.")
@options.draws(100_000, words="The most draws to run again, of all entries.")
@options.workers("Threads")
@options.as_json
def verify(
    ledger: Path, last: str | None, chain: bool, draws: int, workers: int | None, as_json: bool
) -> None:
    """Check the ledger FILE: its hashes, and that each forecast comes out again."""
    from detente.cli._progress import progress_bar
    from detente.evidence import verify_ledger

    with progress_bar("solving draws") as progress:
        found = verify_ledger(
            ledger, run=not chain, last=last, draws=draws, workers=workers, progress=progress
        )
    if as_json:
        print_json(found.to_dict())
        return
    say(found)
    say(f"{len(found.entries)} entries, intact and in order" if found.entries else "empty")


@evidence.command()
@click.argument("ledger", type=_FILE, metavar="LEDGER")
@click.option(
    "--forecasts",
    required=True,
    type=_FILE,
    metavar="FILE",
    help="A table of forecasts: forecaster, question, probability of yes.",
)
@options.as_json
def beside(ledger: Path, forecasts: Path, as_json: bool) -> None:
    """Seal somebody else's forecasts of the questions in LEDGER, to be scored beside the models."""
    from detente.evidence import seal_outside

    print_result(seal_outside(ledger, forecasts), as_json)


@evidence.command()
@click.argument("ledger", type=_FILE, metavar="LEDGER")
@click.option(
    "--outcomes",
    required=True,
    type=_FILE,
    metavar="FILE",
    help="A table of outcomes: question, outcome (yes, no, void), date, source.",
)
@options.seed
@options.as_json
def resolve(ledger: Path, outcomes: Path, seed: int, as_json: bool) -> None:
    """Score the sealed questions of LEDGER on what came.

    Models are ranked from ten resolved questions on.
    """
    from detente.evidence import resolve_questions

    print_result(resolve_questions(ledger, outcomes, seed), as_json)


@evidence.command()
@click.argument("ledger", type=_FILE, metavar="LEDGER")
@click.option("--request", type=_FILE, metavar="FILE", help="Write the request here, to be sent.")
@click.option("--reply", type=_FILE, metavar="FILE", help="Check this reply and put it beside.")
@click.option(
    "--authority",
    type=_FILE,
    metavar="FILE",
    help="With --reply: the root certificate of the authority, in PEM.",
)
@options.as_json
def stamp(
    ledger: Path, request: Path | None, reply: Path | None, authority: Path | None, as_json: bool
) -> None:
    """Have somebody else's clock say that the last entry of LEDGER existed (RFC 3161).

    Works without network: send the request to a time stamp authority, and give its reply.
    """
    from detente.evidence import attach_stamp, stamp_request
    from detente.files import write_file

    if (request is None) == (reply is None):
        raise InputError("give --request FILE, or --reply FILE with --authority FILE")
    if reply is not None:
        if authority is None:
            raise InputError("--reply needs the authority's root certificate; add --authority FILE")
        print_result(attach_stamp(ledger, reply, authority), as_json)
        return
    assert request is not None
    write_file(request, stamp_request(ledger))
    if as_json:
        print_json({"request": str(request)})
        return
    say(f"request  {request}\nSend it to a time stamp authority; its reply goes to --reply.")
