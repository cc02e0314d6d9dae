"""What a run found, before anybody tells it: read once, the same for page, terminal and JSON.

Would catch: a second scorer of the argument, drivers that chance gave, a claim that breaks in a box
left out, equilibria out of order, quantiles of the wrong draws, a summary that says something else
than the results.
"""

from __future__ import annotations

import json
import math
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.analysis import CONCEPTS, QUANTILES, Analysis, analyse
from detente.case import Case
from detente.errors import AnalysisError, DetenteError
from detente.evidence import score_argument

STRAITS = Path(__file__).parents[1] / "report" / "straits.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load(STRAITS)


@pytest.fixture(scope="module")
def found(case: Case) -> Analysis:
    return detente.analyse(case, draws=40)


def test_it_cannot_be_changed_and_reads_each_thing_once(found: Analysis) -> None:
    with pytest.raises(FrozenInstanceError):
        found.command = "another"  # type: ignore[misc]
    for name in ("drivers", "breaks", "quantiles", "stable", "equilibria", "moves", "argument"):
        assert getattr(found, name) is getattr(found, name), name


def test_it_is_what_the_case_gives_by_hand(case: Case, found: Analysis) -> None:
    np.testing.assert_array_equal(found.study.values, case.study(draws=40, rng=1).values)
    assert [claim.id for claim in found.leading] == list(case.brief)
    assert set(found.tornados) <= set(case.brief)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["command"] == "detente run straits.yaml --draws 40 --seed 1"
    for concept in CONCEPTS:
        holds = found.stability.equilibria(concept)
        assert told["stability"][concept]["equilibria"] == holds.sum()
        assert told["stability"][concept]["status_quo_stable_for"] == [
            actor
            for actor in found.conflict.actors
            if found.stability.stable(concept, actor)[found.conflict.status_quo]
        ]


def test_without_a_brief_the_first_five_asked_claims_lead(case: Case) -> None:
    found = analyse(replace(case, brief=()), draws=2)
    assert [claim.id for claim in found.leading] == ["C1", "C2", "C3", "C4", "C5"]
    assert set(found.tornados) <= {claim.id for claim in found.leading}


def test_drivers_are_neither_faint_nor_chance(found: Analysis) -> None:
    study = found.study
    for claim in study.asked:
        least = max(0.2, 3 / math.sqrt(max(study.verdict(claim.id).draws, 1)))
        strong = [d for d in study.drivers(claim.id) if abs(d.correlation) >= least]
        assert [d for d in strong if d in found.drivers[claim.id]] == list(found.drivers[claim.id])
    counts = dict(found.pivots)
    assert sum(counts.values()) == sum(len(drivers[:3]) for drivers in found.drivers.values())


def test_every_claim_with_an_interval_is_searched_for_where_it_breaks(found: Analysis) -> None:
    for verdict in found.study.verdicts():
        name = verdict.claim.id
        if name in found.breaks:
            assert found.breaks[name].box.draws == verdict.draws
        elif verdict.counts:
            with pytest.raises(DetenteError):
                found.study.discover(name, resamples=0)
    assert set(found.unsettled) == {
        claim.id for claim in found.study.asked if not found.study.convergence(claim.id).enough
        and found.study.convergence(claim.id).enough is not None
    }  # fmt: skip


def test_the_argument_is_scored_as_by_evidence(case: Case, found: Analysis) -> None:
    scores = score_argument(case, found.study.verdicts())
    assert found.argument is not None
    assert found.argument.to_dict() == scores.to_dict()
    silent = tuple(replace(claim, resolved=None) for claim in case.claims)
    quiet = replace(found, case=replace(case, claims=silent))
    assert quiet.argument is None
    with pytest.raises(AnalysisError):
        score_argument(quiet.case)


def test_equilibria_come_from_today_outwards(found: Analysis) -> None:
    today = np.array(found.conflict.status_quo)
    places = np.argwhere(np.logical_or(*map(found.stability.equilibria, CONCEPTS)))
    ordered = [axis.ordered for axis in found.conflict.space.axes]

    def key(place: np.ndarray) -> tuple[int, int, tuple[int, ...]]:
        apart = np.abs(place - today)
        return (
            int((apart > 0).sum()),
            sum(int(d) if o else int(d > 0) for d, o in zip(apart, ordered, strict=True)),
            tuple(map(int, place)),
        )

    expected = [found.conflict.index(key(p)[2]) for p in sorted(places, key=key)]
    assert found.equilibria.tolist() == expected


def test_quantiles_are_over_the_draws(found: Analysis) -> None:
    for name, levels in found.study.variables.items():
        drawn = found.study.share(name)
        assert found.quantiles[name].shape == (len(QUANTILES), drawn.shape[1], len(levels))
        assert found.quantiles[name][2, -1, 0] == pytest.approx(np.median(drawn[:, -1, 0]))


def test_it_prints_itself(case: Case, found: Analysis) -> None:
    lines = str(found).splitlines()
    assert lines[0] == case.title
    assert f"drawn {len(found.study.design)} times (seed 1)" in lines[2]
    told = [*found.study.verdicts(), *found.review.open]
    assert lines[-len(told) :] == [str(one) for one in told]
