"""Two things are put side by side: what each is, on which draws, and what differs.

Two cases are solved on common random numbers (`detente.study.paired_designs`). A case beside a file
is solved with the file's design, seed and number of draws; where that varies the same inputs the
draws are common too. Cost: that of the studies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from detente.analysis import Analysis
from detente.case import Case, load
from detente.comparison._changes import claim_changes, level_changes, stable_changes
from detente.comparison._inputs import input_changes
from detente.comparison._result import Comparison
from detente.comparison._side import Side, side_of_study
from detente.comparison._stored import stored_side
from detente.engine import Seed
from detente.errors import InputError
from detente.study import Design, Progress, Study, make_design, paired_designs, run_study

Comparable = Case | Study | Analysis | Side | str | Path
"""What can be compared: the last two are the name of a case or a file of a case or of results."""


def compare(
    a: Comparable,
    b: Comparable,
    draws: int = 400,
    rng: Seed = 1,
    *,
    a_set: Mapping[str, float] | None = None,
    b_set: Mapping[str, float] | None = None,
    a_variant: Sequence[str] = (),
    b_variant: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Put two things side by side and say what differs.

    Parameters
    ----------
    a, b : Case, Study, Analysis, str or Path
        A text is the name of a built-in case, or the path of a case, of a study file or of the
        ``results.json`` of a run.
    draws : int
        For cases; beside results a case takes as many draws as they have, and their seed.
    rng : int, numpy Generator or None
        Seed or generator.
    a_set, b_set : mapping of str to float, optional
        Parameters of either case that are held at a value in all draws.
    a_variant, b_variant : sequence of str
        Variants of either case, each as ``variant.level``.
    workers : int, optional
    progress : callable, optional
        Called with (draws done, draws, draws failed) of both sides together.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        For what is no case and no result, and for settings of results.

    Examples
    --------
    >>> import detente
    >>> found = detente.compare("chicken", "chicken", 20, b_set={"nerve": 3.0})
    >>> print(found.summary)
    none of 5 verdicts differ, 2 medians move
    >>> print(found.inputs[0])
    parameters.nerve.value: 6 in A, 3 in B
    """
    sides = [
        _settled(_opened(thing), variants, settings or {}, name)
        for thing, variants, settings, name in (
            (a, a_variant, a_set, "a"),
            (b, b_variant, b_set, "b"),
        )
    ]
    found = _solved(sides[0], sides[1], draws, rng, workers, progress)
    paired = common_draws(found[0].design, found[1].design)
    return Comparison(
        *found,
        paired,
        claim_changes(*found, paired),
        stable_changes(*found),
        level_changes(*found, paired),
        input_changes(found[0].case, found[1].case),
    )


def common_draws(a: Design, b: Design) -> bool:
    """Return whether the draws of two designs can be compared one by one."""
    if len(a) != len(b) or a.kind != b.kind:
        return False
    both = [name for name in a.names if name in b.names]
    one, other = ([d.names.index(name) for name in both] for d in (a, b))
    if a.seed == b.seed and all(d.shares.shape == d.values.shape for d in (a, b)):
        return bool(np.array_equal(a.shares[:, one], b.shares[:, other]))
    made_alike = a.kind != "given" and (a.seed, a.names) == (b.seed, b.names)
    return made_alike or (a.names == b.names and bool(np.array_equal(a.values, b.values)))


def _opened(thing: Comparable) -> Case | Side:
    match thing:
        case Case() | Side():
            return thing
        case Study():
            return side_of_study(thing)
        case Analysis():
            return side_of_study(thing.study)
        case str() | Path():
            return stored_side(thing) or load(thing)
    raise InputError(
        f"{thing!r} cannot be compared; give a case, a study, an analysis, or the name of one"
    )


def _settled(
    thing: Case | Side, variants: Sequence[str], settings: Mapping[str, float], name: str
) -> Case | Side:
    if isinstance(thing, Side):
        if variants or settings:
            raise InputError(
                f"{name} is a result, which cannot be set anew; take --{name}-set and "
                f"--{name}-variant away, or name its case"
            )
        return thing
    return thing.variant(*variants).set(settings)


def _solved(
    a: Case | Side, b: Case | Side, draws: int, rng: Seed, workers: int | None,
    progress: Progress | None,
) -> tuple[Side, Side]:  # fmt: skip
    if isinstance(a, Side) and isinstance(b, Side):
        return a, b
    if isinstance(a, Case) and isinstance(b, Case):
        designs = paired_designs(a, b, draws, rng)
    else:
        designs = (_like(a, b), _like(b, a))
    todo = [
        (case, design)
        for case, design in zip((a, b), designs, strict=True)
        if isinstance(case, Case)
    ]
    total = sum(len(design) for _, design in todo)
    done = failed = 0
    sides = {}
    for case, design in todo:
        before, lost = done, failed

        def count(now: int, _: int, gone: int, before: int = before, lost: int = lost) -> None:
            if progress is not None:
                progress(before + now, total, lost + gone)

        study = run_study(case, workers=workers, progress=count, design=design)
        done, failed = done + len(design), failed + len(study.failed)
        sides[id(design)] = side_of_study(study)
    first, second = (
        thing if isinstance(thing, Side) else sides[id(design)]
        for thing, design in zip((a, b), designs, strict=True)
    )
    return first, second


def _like(thing: Case | Side, other: Case | Side) -> Design:
    """Return the design of a side, or one for a case like that of the side it stands beside."""
    if isinstance(thing, Side):
        return thing.design
    assert isinstance(other, Side)
    kind = "lhs" if other.design.kind == "given" else other.design.kind
    return make_design(thing, len(other.design), other.design.seed, kind)
