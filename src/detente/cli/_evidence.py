"""What happened, and how argument and model did against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._group import STOPPED, complain
from detente.cli._writing import print_json, print_result, say
from detente.errors import InputError


@click.group()
def evidence() -> None:
    """Compare with what happened: the record of a case, fits, forecasts and scores."""


@evidence.command()
@options.case
@click.option("--until", metavar="DATE", help="Show only what was known at the end of this day.")
@options.as_json
def show(case: str, until: str | None, as_json: bool) -> None:
    """Draw the record of CASE as a time line and list its rows."""
    import detente
    from detente.evidence import draw_timeline, list_rows, observed_record

    known = observed_record(detente.load(case), until)
    if as_json:
        print_json(known.to_dict())
        return
    say(f"{draw_timeline(known)}\n\n{list_rows(known)}")


@evidence.command()
@options.case
@click.option("--until", metavar="DATE", help="The last day that may be known; all by default.")
@click.option("--particles", default=2000, show_default=True, type=click.IntRange(20, 1_000_000))
@options.seed
@options.workers("Processes")
@options.output("File of likelihoods; results/CASE/fit.sqlite by default.")
@click.option("--resume", is_flag=True, help="Go on with a fit that was stopped.")
@click.option(
    "--claims",
    default=400,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="Draws of prior and posterior over which claims are answered; 0 for none.",
)
@click.option("--best", is_flag=True, help="Search for the best fit instead: no particles.")
@click.option(
    "--starts",
    type=click.IntRange(1, 64),
    help="With --best: searches, from the best of 64 draws; 5 by default.",
)
@click.option("--profile", metavar="NAME", help="With --best: the profile of a parameter too.")
@options.settings
@options.variants
@options.as_json
def fit(
    case: str,
    until: str | None,
    particles: int,
    seed: int,
    workers: int | None,
    output: Path | None,
    resume: bool,
    claims: int,
    best: bool,
    starts: int | None,
    profile: str | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Learn the parameters of CASE from its record: prior beside posterior, most learned first."""
    from detente.cli._progress import progress_bar

    for name, given in (("--profile", profile), ("--starts", starts)):
        if given and not best:
            raise InputError(f"{name} needs the best fit; add --best")
    day = None if until is None else str(_day(until, "--until"))
    loaded = options.load_case(case, settings, variants)
    if best:
        from detente.evidence import best_fit
        from detente.evidence import profile_likelihood as profile_of

        with progress_bar("searching, at most") as tell:
            found = best_fit(
                loaded,
                until=day,
                starts=starts or 5,
                rng=seed,
                workers=workers,
                progress=tell,
            )
        line = None
        if profile:
            with progress_bar(f"fitting around {profile}, at most") as tell:
                line = profile_of(
                    loaded, profile, fit=found, until=day, workers=workers, progress=tell
                )
        plain = {"fit": found.to_dict(), "profile": None if line is None else line.to_dict()}
        told = str(found) if line is None else f"{found}\n\n{line}"
    else:
        from detente.evidence import sample_posterior

        path = output or options.folder_of(loaded) / "fit.sqlite"
        try:
            with progress_bar("weighing, about") as tell:
                drawn = sample_posterior(
                    loaded,
                    particles,
                    seed,
                    workers,
                    _by_reach(tell, particles),
                    until=day,
                    store=path,
                    resume=resume,
                )
        except KeyboardInterrupt:
            complain(
                f"stopped; what is weighed is in {path}: the same command with --resume goes on"
            )
            raise SystemExit(STOPPED) from None
        plain, told = drawn.to_dict(), str(drawn)
        if claims and any(claim.ask is not None for claim in loaded.claims):
            from detente.evidence import updated_verdicts

            with progress_bar("answering claims, prior then posterior") as counted:
                revised = updated_verdicts(drawn, max(claims, 2), workers, counted, processes=True)
            plain["claims"] = revised.to_dict()
            told += f"\n\n{revised}"
        told += f"\n\nfit      {path}"
    if as_json:
        print_json(plain)
    else:
        say(told)


def _by_reach(
    tell: Callable[[int, int, int], None], particles: int
) -> Callable[[int, float, int], None]:
    """Report how many likelihoods are done, of as many as the progress suggests."""

    def progress(done: int, reached: float, impossible: int) -> None:
        # Five times the particles is what a fit of many parameters takes.
        suggested = round(done / reached) if reached > 0.0 else 5 * particles
        tell(done, max(suggested, done), impossible)

    return progress


@evidence.command()
@options.case
@click.option("--until", required=True, metavar="DATE", help="The last day that may be known.")
@click.option(
    "--since", metavar="DATE", help="Also forecast from that day in each year back to this one."
)
@click.option("--horizon", type=float, metavar="YEARS", help="Score only this far ahead.")
@options.draws(400, 2)
@click.option(
    "--particles",
    default=0,
    type=click.IntRange(0),
    help="Draw this many from the posterior, at least 20, instead of weighting draws: minutes.",
)
@options.seed
@options.workers("Threads")
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw calibration in this SVG file.",
)
@click.option(
    "--beside",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A table of somebody else's forecasts, scored on the same questions.",
)
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the questions here, without outcomes, as a table for others to fill in.",
)
@options.settings
@options.variants
@options.as_json
def score(
    case: str,
    until: str,
    since: str | None,
    horizon: float | None,
    draws: int,
    particles: int,
    seed: int,
    workers: int | None,
    plot: Path | None,
    beside: Path | None,
    sheet: Path | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Forecast blindly from what was known of CASE by a day, and score what came after.

    Beside the model stand baselines that know no strategy. Whoever wins is on top.
    """
    from detente.cli._progress import progress_bar
    from detente.cli._writing import write_beside
    from detente.evidence import (
        blind_forecasts,
        blind_questions,
        question_sheet,
        read_outside,
        score_forecasts,
    )

    days, loaded = _days(until, since), options.load_case(case, settings, variants)
    # First of all, so that a wrong table is said before the long work.
    if beside is not None or sheet is not None:
        asked = blind_questions(loaded, days, horizon)
        if beside is not None:
            read_outside(beside, asked)
        if sheet is not None:
            write_beside(sheet, question_sheet(asked))
    points = None
    if particles:
        if len(days) > 1:
            raise InputError("--particles fit one day's past; leave out --since")
        from detente.evidence import sample_posterior

        with progress_bar("fitting, per cent") as told:
            fitted = sample_posterior(
                loaded,
                particles,
                seed,
                workers,
                lambda _, reached, failed: told(round(100 * reached), 100, failed),
                until=str(days[0]),
            )
        points = [fitted.point(n) for n in range(len(fitted))]
    with progress_bar("solving draws") as progress:
        found = blind_forecasts(
            loaded,
            days,
            draws,
            seed,
            horizon=horizon,
            posterior=points,
            workers=workers,
            progress=progress,
        )
    made = score_forecasts(found, rng=seed, beside=beside)
    if plot is not None:
        from detente.drawing import calibration
        from detente.files import write_file

        write_file(plot, calibration(made))
    print_result(made, as_json)


@evidence.command()
@options.case
@options.draws(0, 0, words="Draws; 0: do not score the model.")
@options.seed
@options.workers("Threads")
@options.settings
@options.variants
@options.as_json
def argument(
    case: str,
    draws: int,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Score the worded forecasts of CASE's argument against what happened."""
    from detente.cli._progress import progress_bar
    from detente.evidence import score_argument
    from detente.study import run_study

    loaded = options.load_case(case, settings, variants)
    if draws:
        with progress_bar("solving draws") as progress:
            found = score_argument(
                loaded, run_study(loaded, draws, seed, workers, progress).verdicts()
            )
    else:
        found = score_argument(loaded)
    print_result(found, as_json)


@evidence.command()
@options.case
@click.option(
    "--rivals",
    "compared",
    default="rivals",
    show_default=True,
    metavar="VARIANT",
    help="The variant whose levels are compared.",
)
@click.option(
    "--until", metavar="DATE", help="Weigh the record to this day, score what came after."
)
@options.draws(200, 2)
@options.particles
@options.seed
@options.workers("Threads")
@options.settings
@options.variants
@options.as_json
def rivals(
    case: str,
    compared: str,
    until: str | None,
    draws: int,
    particles: int,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Weigh rival explanations of CASE by its record, and say what would tell them apart."""
    from detente.cli._progress import progress_bar
    from detente.evidence import compare_rivals

    loaded = options.load_case(case, settings, variants)
    for name in loaded.chosen:
        if name.rpartition(".")[0] == compared:
            raise InputError(
                f"--variant {name} chooses one of the rivals that are compared; leave it out, or "
                "name another variant with --rivals"
            )
    with progress_bar("solving draws") as progress:
        found = compare_rivals(
            loaded,
            compared,
            until,
            draws,
            seed,
            particles=particles,
            held=loaded.settings,
            workers=workers,
            progress=progress,
        )
    print_result(found, as_json)


@evidence.command()
@click.argument("data", metavar="DATA", type=click.Path(path_type=Path))
@click.option("--split", metavar="DATE", help="First day of the later proposals.")
@options.seed
@options.as_json
def bargaining(data: Path, split: str | None, seed: int, as_json: bool) -> None:
    """Score models of bargaining on the settled proposals in DATA, a file in the layout of DEU."""
    from detente.bargaining import read_settled
    from detente.evidence import score_bargaining

    day = None if split is None else _day(split, "--split")
    print_result(score_bargaining(read_settled(data), day, rng=seed), as_json)


def _days(until: str, since: str | None) -> list[dt.date]:
    """Return the origins, earliest first."""
    last = _day(until, "--until")
    if since is None:
        return [last]
    first = _day(since, "--since")
    if first > last:
        raise InputError(f"--since {first} is after --until {last}; give an earlier day")
    days = []
    for year in range(last.year, first.year - 1, -1):
        leap = last.month == 2 and last.day == 29
        day = dt.date(year, 2, 28) if leap else last.replace(year=year)
        if day >= first:
            days.append(day)
    return days[::-1]


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is not a date; write it as 2021-03-15") from None
