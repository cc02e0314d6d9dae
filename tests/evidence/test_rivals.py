"""Rival explanations: weighed as probability has it, and told apart by what tells most.

Catches: a marginal likelihood that leaves out draws without a chance, shares that are not of Bayes,
an impossible explanation that stays in, an observation that tells nothing, a blind score that
knows the future, a parameter held in one world only.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import read_case
from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import compare_rivals, filter_record, observed_record
from detente.evidence._diagnostic import information
from detente.study import make_design

YAML = """
detente: 1
title: Weather
question: How fast does it turn?
clock: {since: 2010-01-01, start: 2015-01-01, end: 2019-12-31}
sources: {log: {title: A log}}
parameters:
  turn: {value: 1, range: [0.5, 2], reason: r, source: log}
  care: {value: 1, range: [0.5, 1.5], reason: r, source: log}
variants:
  speed:
    drawn: false
    levels:
      open: {}
      slow: {set: {turn: 0.2}, reason: r, source: log}
      fast: {set: {turn: 3}, reason: r, source: log}
      never: {set: {turn: 0}, reason: r, source: log}
actors:
  farmer:
    options: {cover: [open, closed]}
    preferences: {weights: {shelter: care}}
conditions:
  rain:
    levels: [dry, wet]
    rates: {dry -> wet: turn, wet -> dry: turn}
issues: {shelter: farmer.cover == closed or rain == dry}
status_quo: {farmer.cover: open, rain: dry}
history:
"""
DAYS = [
    "2010-01-01",
    "2010-07-01",
    "2010-10-01",
    "2011-05-01",
    "2013-05-01",
    "2016-06-01",
    "2018-01-01",
]
LEVELS = ["dry", "wet", "dry", "wet", "wet", "dry", "wet"]


def written() -> str:
    """Return the text of a case whose likelihood has a closed form."""
    return YAML + "".join(
        f"  - {{date: {day}, variable: rain, level: {level}, source: log}}\n"
        for day, level in zip(DAYS, LEVELS, strict=True)
    )


@pytest.fixture(scope="module")
def weather():
    """Read it."""
    return read_case(written().encode(), "weather.yaml")


def closed_form(case, rate: float, until: str | None = None) -> float:
    """Return the log likelihood of sightings of two levels that turn at one rate."""
    track = next(t for t in observed_record(case, until).tracks if t.variable == "rain")
    chance = 0.5
    for one, other in zip(track.entries, track.entries[1:], strict=False):
        stays = 0.5 * (1.0 + np.exp(-2.0 * rate * (other.latest - one.latest)))
        chance *= stays if np.array_equal(one.weights, other.weights) else 1.0 - stays
    return float(np.log(chance))


@pytest.fixture(scope="module")
def found(weather):
    """Compare with the whole record."""
    return compare_rivals(weather, "speed", draws=16, rng=2)


def test_the_marginal_likelihood_is_the_closed_form(weather, found) -> None:
    """Fixed rates give it exactly; a range gives the mean over its draws."""
    by_name = {rival.name: rival for rival in found.rivals}
    for name, rate in (("slow", 0.2), ("fast", 3.0)):
        assert by_name[name].log_evidence == pytest.approx(closed_form(weather, rate), abs=1e-9)
        assert by_name[name].error == pytest.approx(0.0, abs=1e-9)
        assert by_name[name].ess == pytest.approx(16.0)
    design = make_design(weather.variant("speed.open"), 16, 2)
    each = np.exp([closed_form(weather, design.draw(n)["turn"]) for n in range(16)])
    assert by_name["open"].log_evidence == pytest.approx(np.log(each.mean()), abs=1e-9)
    error = each.std(ddof=1) / each.mean() / 4.0
    assert by_name["open"].error == pytest.approx(error, rel=1e-6)
    assert by_name["open"].ess == pytest.approx(each.sum() ** 2 / (each**2).sum(), rel=1e-6)


def test_shares_are_bayes_and_what_cannot_be_is_out(found) -> None:
    by_name = {rival.name: rival for rival in found.rivals}
    assert by_name["never"].share == 0.0
    assert "rain at wet" in by_name["never"].reason
    sizes = {name: np.exp(rival.log_evidence) for name, rival in by_name.items()}
    for name, rival in by_name.items():
        assert rival.share == pytest.approx(sizes[name] / sum(sizes.values()))
    shares = [rival.share for rival in found.rivals]
    assert shares == sorted(shares, reverse=True)
    assert "No chance in never" in str(found)
    assert "never" not in found.sightings[0].chances


def test_draws_without_a_chance_count_as_zero(weather) -> None:
    """Half of the draws exclude the record: the marginal likelihood must be halved."""
    turn = weather.parameters["turn"]
    both = replace(turn, distribution="choices", choices=(0.0, 3.0), low=0.0, high=3.0, value=3.0)
    open_ = compare_rivals(
        replace(weather, parameters={**weather.parameters, "turn": both}), "speed", draws=16
    )
    share = next(r for r in open_.rivals if r.name == "open")
    assert share.log_evidence == pytest.approx(closed_form(weather, 3.0) - np.log(2.0), abs=1e-9)
    assert share.ess == pytest.approx(8.0)


def test_particles_give_the_same_marginal_likelihood(weather, found) -> None:
    """By sequential Monte Carlo: exact where nothing relevant varies, within its error else."""
    fitted = compare_rivals(weather, "speed", rng=1, particles=100)
    by_name = {rival.name: rival for rival in fitted.rivals}
    for name, rate in (("slow", 0.2), ("fast", 3.0)):
        assert by_name[name].log_evidence == pytest.approx(closed_form(weather, rate), abs=1e-4)
    fine = np.mean([np.exp(closed_form(weather, r)) for r in np.linspace(0.5, 2.0, 2001)])
    assert by_name["open"].log_evidence == pytest.approx(np.log(fine), abs=0.1)
    assert "zero at every draw" in by_name["never"].reason
    assert "100 particles each" in str(fitted)
    for told, own in zip(fitted.sightings, found.sightings, strict=True):
        assert told.bits == pytest.approx(own.bits, abs=0.02)


def test_particles_replace_weighted_draws_in_scores_too(tmp_path) -> None:
    """The posterior changes, and says how it came about; what does not depend on it stays."""
    file = tmp_path / "weather.yaml"
    file.write_text(written(), encoding="utf-8")

    def call(*words: str):
        return CliRunner().invoke(main, ["evidence", "score", str(file), *words])

    words = ("--until", "2015-01-01", "-n", "4")
    weighted, fitted = call(*words).output, call(*words, "--particles", "20").output
    assert "effective draws" in weighted
    assert "posterior by 20 particles" in fitted

    def line(text: str, model: str) -> str:
        return next(row for row in text.splitlines() if row.startswith(f"{model} "))

    assert line(weighted, "prior") == line(fitted, "prior")
    assert line(weighted, "posterior") != line(fitted, "posterior")
    assert call(*words, "--particles", "20").output == fitted
    refused = call(*words, "--since", "2013-01-01", "--particles", "20")
    assert refused.exit_code == 2
    assert "one day's past" in refused.output


def test_what_tells_most_is_soon_and_about_the_weather(weather, found) -> None:
    """Far ahead all speeds say even odds; the farmer follows the weather and tells less."""
    assert found.sightings[0].variable == "rain"
    assert found.sightings[0].bits == max(told.bits for told in found.sightings)
    known = observed_record(weather)
    assert found.sightings[0].date.toordinal() < known.origin.toordinal() + 365.25 * (
        known.end + 1.0
    )
    slow, fast = found.sightings[0].chances["slow"], found.sightings[0].chances["fast"]
    assert abs(slow - 0.5) > abs(fast - 0.5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), min_size=2, max_size=4))
def test_information_is_entropy_less_what_is_left(rows) -> None:
    table = [np.array(row) + 1e-6 for row in rows]
    table = [row / row.sum() for row in table]

    def entropy(p):
        return float(-(p * np.log2(p)).sum())

    direct = entropy(np.mean(table, axis=0)) - np.mean([entropy(p) for p in table])
    assert information(table) == pytest.approx(direct, abs=1e-9)
    assert -1e-12 <= information(table) <= np.log2(len(table)) + 1e-9
    assert information([table[0], table[0]]) == pytest.approx(0.0, abs=1e-12)
    assert information([np.array([1.0, 0.0]), np.array([0.0, 1.0])]) == 1.0


def test_the_blind_score_is_that_of_the_chain(weather) -> None:
    """By hand: from the last sighting before the cut the slow and fast worlds have closed forms."""
    cut = compare_rivals(weather, "speed", until="2015-01-01", draws=4)
    assert cut.asked == 2
    whole = next(t for t in observed_record(weather).tracks if t.variable == "rain")
    last = whole.entries[4]
    assert DAYS[4] < "2015-01-01" < DAYS[5]
    for rival in cut.rivals:
        rate = {"slow": 0.2, "fast": 3.0}.get(rival.name)
        if rate is None:
            continue
        scores = []
        for entry in whole.entries[5:]:
            stays = 0.5 * (1.0 + np.exp(-2.0 * rate * (entry.latest - last.latest)))
            same = np.array_equal(entry.weights, last.weights)
            scores.append(2.0 * (1.0 - (stays if same else 1.0 - stays)) ** 2)
        assert rival.blind == pytest.approx(np.mean(scores), abs=1e-6)
        assert rival.log_evidence == pytest.approx(closed_form(weather, rate, "2015-01-01"))


def test_a_parameter_is_held_in_every_world(weather) -> None:
    held = compare_rivals(weather, "speed", draws=3, held={"turn": 1.0})
    assert {r.log_evidence for r in held.rivals} == {held.rivals[0].log_evidence}
    assert held.rivals[0].log_evidence == pytest.approx(closed_form(weather, 1.0), abs=1e-9)
    assert held.sightings[0].bits == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ({"variant": "sped"}, InputError, "did you mean"),
        ({"variant": "speed", "draws": 1}, InputError, "two or more"),
        ({"variant": "speed", "held": {"tern": 1.0}}, InputError, "did you mean"),
        ({"variant": "speed", "until": "1999-01-01"}, InputError, "outside"),
        ({"variant": "speed", "held": {"turn": 0.0}}, AnalysisError, "no chance in any"),
    ],
)
def test_wrong_input_is_refused(weather, call, error, words) -> None:
    with pytest.raises(error, match=words):
        compare_rivals(weather, **{"draws": 2, **call})


def test_the_flagship_is_weighed_draw_by_draw() -> None:
    """Against the filter called by hand, for the one explanation that survives the whole record."""
    case = detente.load("peninsula")
    found = compare_rivals(case, draws=2, rng=5)
    assert [rival.name for rival in found.rivals if not rival.reason] == ["russia"]
    assert found.sightings == ()
    world = case.variant("rivals.russia")
    design = make_design(world, 2, 5)
    logs = [
        filter_record(
            world.conflict(**design.draw(n)).equilibrium(), observed_record(case)
        ).log_likelihood
        for n in range(2)
    ]
    direct = np.logaddexp(*logs) - np.log(2.0)
    assert found.rivals[0].log_evidence == pytest.approx(direct, abs=1e-4)


def test_the_command_prints_the_same_again() -> None:
    words = ["evidence", "rivals", "peninsula", "--until", "2021-03-15", "-n", "2"]
    one = CliRunner().invoke(main, words)
    other = CliRunner().invoke(main, [*words, "--workers", "1"])
    assert one.exit_code == 0, one.output
    assert one.output == other.output
    assert max(map(len, one.output.splitlines())) <= 80
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert len(told["rivals"]) == 5
    assert told["sightings"][0]["variable"] == "moscow"
    wrong = CliRunner().invoke(main, [*words, "--set", "nothing=1"])
    assert wrong.exit_code == 2
