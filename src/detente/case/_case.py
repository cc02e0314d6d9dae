"""A whole case, and the doors from it to every analysis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from detente.case._bargaining import Bargaining
from detente.case._meant import Meant
from detente.case._model import (
    Actor,
    Claim,
    Condition,
    DraftNote,
    Infeasible,
    Issue,
    Observation,
    Parameter,
    Source,
    View,
)
from detente.case._places import Places
from detente.case._variants import Correlation, Variant
from detente.errors import InputError
from detente.expression import Namespace
from detente.text import precise, suggestion

if TYPE_CHECKING:
    from detente.claims import ClaimSlopes
    from detente.conflict import Conflict
    from detente.deals import DealStudy
    from detente.engine import Seed
    from detente.evidence import ForecastScores, Posterior, Record, RivalComparison, Start
    from detente.explanation import AnswerExplanation
    from detente.review import Review
    from detente.study import Design, Progress, Study


@dataclass(frozen=True, repr=False)
class Case:
    """A conflict as an analyst states it, checked and ready to be compiled: all its names resolve.

    Made by `detente.load`; see there for an example. ``brief`` lists the claims of the report's
    first page; ``phase`` names the variable to hold at each level and the one to watch; ``text`` is
    the case in one file, from which `detente.case.read_case` makes it again: what stands in
    tables of its own stands in it as rows. ``sha256`` is the hash of that text. Where the case
    differs from its text, ``settings`` holds the parameters set and ``chosen`` the variants.
    ``bargaining`` is the table of what is bargained over, where there is one.
    ``meant`` says which warnings are meant, ``drafted_by`` which programs drafted parts of it;
    ``places`` knows where each part stands.
    """

    name: str
    title: str
    question: str
    about: str
    since: dt.date | None
    start: dt.date | None
    end: dt.date | None
    sources: Mapping[str, Source]
    parameters: Mapping[str, Parameter]
    actors: tuple[Actor, ...]
    conditions: tuple[Condition, ...]
    infeasible: tuple[Infeasible, ...]
    issues: tuple[Issue, ...]
    views: tuple[View, ...]
    status_quo: Mapping[str, int]
    claims: tuple[Claim, ...]
    history: tuple[Observation, ...]
    brief: tuple[str, ...]
    phase: tuple[str, str] | None
    notes: Mapping[str, str]
    namespace: Namespace
    sha256: str
    path: str
    text: bytes
    correlations: tuple[Correlation, ...] = ()
    variants: tuple[Variant, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    meant: tuple[Meant, ...] = ()
    drafted_by: tuple[DraftNote, ...] = ()
    bargaining: Bargaining | None = None
    places: Places = field(default=Places(), compare=False)

    def __str__(self) -> str:
        """Return a summary of a few lines."""
        asked = sum(claim.ask is not None for claim in self.claims)
        return (
            f"{self.title}\n  {', '.join(actor.title or actor.name for actor in self.actors)}\n"
            f"  {len(self.parameters)} parameters, {len(self.claims)} claims ({asked} asked), "
            f"{len(self.history)} observations"
        )

    def __repr__(self) -> str:
        """Return one line for a debugger."""
        return f"<Case {self.name}, {'x'.join(map(str, self.shape))} states>"

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each option, in the order of the actors, then of each condition."""
        sizes = [len(option.levels) for actor in self.actors for option in actor.options]
        return (*sizes, *(len(condition.levels) for condition in self.conditions))

    @property
    def changes(self) -> tuple[str, ...]:
        """How the case differs from its text: ``variant.level``, and ``parameter=value``."""
        settings = (f"{name}={precise(value)}" for name, value in self.settings.items())
        return (*self.chosen, *settings)

    @property
    def reference(self) -> str:
        """What commands call the case: the name of a built-in one, else its file."""
        from detente.case._reader import builtin_cases

        path = Path(self.path)
        return path.stem if path.stem in builtin_cases() and path.parent == Path() else path.name

    def claim(self, name: str) -> Claim:
        """Return the claim with this id (`InputError` when there is none)."""
        claims = {claim.id: claim for claim in self.claims}
        if name not in claims:
            hint = suggestion(str(name), claims, "claim")
            raise InputError(f"{self.name} has no claim {name!r}; {hint}")
        return claims[name]

    def conflict(
        self, parameters: Mapping[str, float] | None = None, /, **named: float
    ) -> Conflict:
        """Compile the case at its stated parameter values, or at others.

        They are given by name, or as a mapping where a name has a dot; what is given by name wins.
        See `detente.conflict.compile_case`.

        Examples
        --------
        >>> import detente
        >>> conflict = detente.load("peninsula").conflict({"china.haste": 2.0}, pace=1.5)
        """
        from detente.conflict import compile_case

        if not isinstance(parameters, Mapping | None):
            raise InputError(f"parameters is {parameters!r}; give a mapping from name to number")
        return compile_case(self, {**(parameters or {}), **named})

    def variant(self, *names: str) -> Case:
        """Return the case with variants at levels, each as ``variant.level``.

        See `detente.case._vary.apply_variants`.
        """
        from detente.case._vary import apply_variants

        return apply_variants(self, *names)

    def why(
        self,
        what: str,
        *,
        search: bool = True,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> AnswerExplanation:
        """Say why an answer is what it is; see `detente.explanation.explain_answer`."""
        from detente.explanation import explain_answer

        return explain_answer(self, what, search=search, workers=workers, progress=progress)

    def slopes(
        self,
        claims: Iterable[str] | None = None,
        parameters: Iterable[str] | None = None,
        *,
        query: str | Iterable[str] = (),
    ) -> ClaimSlopes:
        """Return how answers move with the parameters; see `detente.claims.claim_slopes`."""
        from detente.claims import claim_slopes

        queries = [query] if isinstance(query, str) else query
        return claim_slopes(self, claims, parameters, queries=queries)

    def set(self, parameters: Mapping[str, float] | None = None, /, **named: float) -> Case:
        """Return the case with parameters set to a value, in all draws and outside ranges too.

        They are given as `Case.conflict` takes them. See `detente.case._vary.set_parameters`.

        Examples
        --------
        >>> import detente
        >>> case = detente.load("sanctions").set(pain=2.0)
        >>> case.name, "pain" in case.study(draws=2, rng=1).design.names
        ('sanctions (pain=2)', False)
        """
        from detente.case._vary import set_parameters

        if not isinstance(parameters, Mapping | None):
            raise InputError(f"parameters is {parameters!r}; give a mapping from name to number")
        return set_parameters(self, {**(parameters or {}), **named})

    def replace(self, **sections: object) -> Case:
        """Return the case with parts changed, checked as a file would be.

        Parameters
        ----------
        **sections
            By key of the case format, such as ``title``, ``parameters`` or ``claims``, the value
            as a file has it: a mapping goes into what stands there, None takes an entry out,
            anything else replaces it. Claims may be given as a mapping by id.

        Raises
        ------
        CaseError
            With every problem that the changed file would have.
        InputError
            For a value that a file cannot hold.

        Examples
        --------
        >>> import detente
        >>> case = detente.load("chicken")
        >>> calmer = case.replace(title="Calm", parameters={"nerve": {"value": 3.0}})
        >>> calmer.title, calmer.parameters["nerve"].value, case.parameters["nerve"].value
        ('Calm', 3.0, 6.0)
        >>> case.replace(parameters={"nerve": {"value": 30}})
        Traceback (most recent call last):
        detente.errors.CaseError: chicken.yaml with parameters replaced:...: nerve = 30 lies ...
        """
        from detente.case._saving import replace_parts

        return replace_parts(self, **sections)

    def save(self, path: Path | str, *, overwrite: bool = False) -> None:
        """Write the case as one file that `detente.load` reads back as the same case.

        A case that was not changed since it was read has the text of its file, with the comments
        and with a history from a table of its own in it; else the changes are written into it.

        Parameters
        ----------
        path : path or str
        overwrite : bool
            Whether a file of that name may be replaced.

        Raises
        ------
        InputError
            When the file exists or cannot be written.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import mkdtemp
        >>> import detente
        >>> file = Path(mkdtemp()) / "calmer.yaml"
        >>> detente.load("chicken").replace(title="A calmer game").save(file)
        >>> detente.load(file).title
        'A calmer game'
        """
        from detente.case._saving import save_case

        save_case(self, path, overwrite=overwrite)

    def review(self, *, quick: bool = False, progress: Progress | None = None) -> Review:
        """Say what may not be meant in this case; see `detente.review.review_case`."""
        from detente.review import review_case

        return review_case(self, quick=quick, progress=progress)

    def study(
        self,
        draws: int = 400,
        rng: Seed = None,
        workers: int | None = None,
        progress: Progress | None = None,
        *,
        design: str | Design = "lhs",
        store: Path | str | None = None,
        resume: bool = False,
        chunk: int | None = None,
        processes: bool = False,
        cluster: str | None = None,
    ) -> Study:
        """Answer every claim for many draws of the parameters; see `detente.study.run_study`."""
        from detente.study import run_study

        return run_study(
            self, draws, rng, workers, progress, design=design, store=store, resume=resume,
            chunk=chunk, processes=processes, cluster=cluster,
        )  # fmt: skip

    def deals(
        self,
        want: str,
        of: str,
        payer: str,
        draws: int = 400,
        rng: Seed = None,
        *,
        given: Mapping[str, str | int] | None = None,
        horizon: float = 5.0,
        probability: float = 0.8,
        concept: str = "seq",
        exchange: float = 1.0,
        size: int = 2,
        also: Sequence[str] = (),
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> DealStudy:
        """Say what a behaviour would take, over many draws; see `detente.deals.study_deal`."""
        from detente.deals import study_deal

        return study_deal(
            self, want, of, payer, draws, rng, given=given, horizon=horizon,
            probability=probability, concept=concept, exchange=exchange, size=size, also=also,
            workers=workers, progress=progress,
        )  # fmt: skip

    def record(self, until: str | dt.date | None = None) -> Record:
        """Return what is known of each variable; see `detente.evidence.observed_record`."""
        from detente.evidence import observed_record

        return observed_record(self, until)

    def fit(
        self,
        particles: int = 2000,
        rng: Seed = None,
        workers: int | None = None,
        progress: Callable[[int, float, int], None] | None = None,
        *,
        until: str | None = None,
        without: Sequence[str] = (),
        start: Start = "uniform",
        store: Path | str | None = None,
        resume: bool = False,
    ) -> Posterior:
        """Learn the parameters from the record; see `detente.evidence.sample_posterior`."""
        from detente.evidence import sample_posterior

        return sample_posterior(
            self, particles, rng, workers, progress, until=until, without=without, start=start,
            store=store, resume=resume,
        )  # fmt: skip

    def score(
        self,
        until: str | dt.date | Sequence[str | dt.date],
        draws: int = 200,
        rng: Seed = 1,
        *,
        horizon: float | None = None,
        start: Start = "uniform",
        beside: Path | str | None = None,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> ForecastScores:
        """Forecast from what was known on a day, and score; see `detente.evidence`."""
        from detente.engine import seed_of
        from detente.evidence import (
            blind_forecasts,
            blind_questions,
            read_outside,
            score_forecasts,
        )

        if beside is not None:
            read_outside(beside, blind_questions(self, until, horizon))
        seed = seed_of(rng)
        found = blind_forecasts(
            self, until, draws, seed, horizon=horizon, start=start, workers=workers,
            progress=progress,
        )  # fmt: skip
        return score_forecasts(found, seed, beside=beside)

    def rivals(
        self,
        variant: str = "rivals",
        until: str | dt.date | None = None,
        draws: int = 200,
        rng: Seed = 1,
        *,
        particles: int = 0,
        held: Mapping[str, float] | None = None,
        start: Start = "uniform",
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> RivalComparison:
        """Compare rival explanations by the record; see `detente.evidence.compare_rivals`."""
        from detente.evidence import compare_rivals

        return compare_rivals(
            self, variant, until, draws, rng, particles=particles, held=held, start=start,
            workers=workers, progress=progress,
        )  # fmt: skip
