"""A good file gives the values it states; files that are not there are told from wrong ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from pathlib import Path

import pytest

from detente.case import (
    Case,
    GainQuestion,
    ProbabilityQuestion,
    Ranking,
    Statements,
    Weights,
    builtin_cases,
    load,
    read_case,
)
from detente.errors import CaseError

FOLDER = Path(__file__).parent
SMALL = (FOLDER / "small.yaml").read_bytes()
RIVER = (FOLDER / "river.yaml").read_bytes()


@pytest.fixture(scope="module")
def small() -> Case:
    return read_case(SMALL, "small.yaml")


def problems(raw: bytes) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_case(raw, "x.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_outline(small: Case) -> None:
    assert (small.name, small.path) == ("small", "small.yaml")
    assert small.title == "A dam on a shared river"
    assert (small.start, small.end) == (dt.date(2020, 1, 1), dt.date(2029, 12, 31))
    assert small.sha256 == hashlib.sha256(SMALL).hexdigest()
    assert small.shape == (3, 2, 3, 2, 2, 2, 2)
    assert small.sources["memo"].author == "A. Nobody"
    assert small.brief == ("C1", "C2", "C5")
    assert small.phase == ("upper.dam", "lower.reply")
    assert small.notes == {"N1": "A note for the appendix."}


def test_parameters(small: Case) -> None:
    worth, habit, fixed = (small.parameters[name] for name in ("worth", "habit", "fixed"))
    assert (worth.distribution, worth.low, worth.high, worth.mode) == ("triangular", 0.5, 2.5, 1)
    assert (habit.distribution, habit.choices) == ("choices", (1, 2, 3))
    assert (fixed.distribution, fixed.low, fixed.high) == ("fixed", -0.5, -0.5)
    zeal = small.parameters["upper.zeal"]
    assert (zeal.distribution, zeal.mode, zeal.sd) == ("normal", 5, 2)


def test_options(small: Case) -> None:
    dam, talk = small.actors[0].options
    assert dam.full_name == "upper.dam"
    assert dam.allowed == ((True, True, True), (False, True, True), (False, False, True))
    assert dam.cost_kind == "step"
    assert talk.levels == ("no", "yes")
    reply, flow = small.actors[1].options
    assert reply.allowed == ((True, True, False), (True, True, True), (False, True, True))
    assert (reply.cost_kind, reply.ordered) == ("flat", False)
    assert flow.levels == ("0", "1")


def test_preferences(small: Case) -> None:
    upper, lower, town = (actor.preference for actor in small.actors)
    assert isinstance(upper, Weights)
    assert [issue for issue, _ in upper.items] == ["power", "calm"]
    assert isinstance(lower, Statements)
    assert len(lower.formulas) == 3
    assert isinstance(town, Ranking)


def test_issues_stand_after_those_they_read(small: Case) -> None:
    seen: set[str] = set()
    names = {issue.name for issue in small.issues}
    for issue in small.issues:
        assert issue.formula.uses & names <= seen
        seen.add(issue.name)


def test_claims(small: Case) -> None:
    first = small.claim("C1")
    assert isinstance(first.ask, ProbabilityQuestion)
    assert (first.ask.query.operator, first.ask.query.high) == ("F", 5)
    assert first.ask.arm.do == {"lower.reply": 1}
    assert not first.ask.arm.announced
    assert first.where
    assert first.where.hash == "0123456789012345"
    assert first.scope
    assert first.expect
    assert first.expect.text == "highly unlikely ~ very unlikely (icd203: 5-20 %)"
    assert first.resolved
    assert first.resolved.outcome is False
    assert small.claim("C7").unasked


def test_a_hash_or_level_of_digits_needs_no_quotes() -> None:
    for digits in (b"0123456789012345", b"1234567890123e45"):
        where = read_case(SMALL.replace(b'"0123456789012345"', digits), "x.yaml").claim("C1").where
        assert where
        assert where.hash == digits.decode()


@pytest.mark.parametrize(
    ("name", "low", "high", "even"),
    [
        ("C1", 0.05, 0.2, 0.5),
        ("C2", math.nextafter(0, 1), math.inf, None),
        ("C3", 0.2, 0.4, 0.5),
        ("C4", -math.inf, 0, None),
        ("C5", 1, 1, None),
    ],
)
def test_expectations(small: Case, name: str, low: float, high: float, even: float | None) -> None:
    expect = small.claim(name).expect
    assert expect
    assert (expect.low, expect.high, expect.even) == (low, high, even)


def test_gain_starts_from_what_from_says(small: Case) -> None:
    ask = small.claim("C4").ask
    assert isinstance(ask, GainQuestion)
    assert (ask.actor, ask.by, ask.arm.given) == ("upper", "value", {"upper.dam": 1})
    assert ask.levels == {"upper.dam": 2, "lower.flow": 0}


def test_a_read_case_compiles(small: Case) -> None:
    conflict = small.conflict()
    assert conflict.shape == small.shape
    assert conflict.feasible.any()


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    raw = RIVER.replace(b"value: 2,", b"value: two,").replace(b"rain: wet}", b"rain: damp}")
    raw = raw.replace(b"== large", b"== larg").replace(b"unlikely", b"unlikley")
    places = [message.split(":")[1:3] for message in problems(raw)]
    assert places == [["6", "18"], ["22", "58"], ["26", "46"]]


def test_a_broken_definition_is_not_blamed_on_those_who_use_it() -> None:
    assert problems(RIVER.replace(b"[none, small, large]", b"many")) == [
        "x.yaml:10:21: levels must be a list, not 'many'; write [a, b]"
    ]


def test_columns_count_from_the_line_with_other_line_ends() -> None:
    raw = RIVER.replace(b">= small", b">= smal").replace(b"\n", b"\r\n")
    assert problems(raw)[0].startswith("x.yaml:21:23: 'upper.dam' has no level 'smal'")


def test_telling_stops_somewhere() -> None:
    rows = b"".join(b"k%d: 1\n" % number for number in range(1000))
    assert len(problems(RIVER + rows)) == 200


def test_load_by_path(tmp_path: Path) -> None:
    file = tmp_path / "river.yaml"
    file.write_bytes(RIVER)
    assert load(file).name == "river"
    assert load(str(file)).path == str(file)


@pytest.mark.parametrize("name", ["nowhere.yaml", "a\0b", "x" * 5000, ""])
def test_a_file_that_cannot_be_had(name: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(name)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (1, 1)


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="this is a directory; name the case file in it"):
        load(tmp_path)


def test_a_file_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CaseError, match="cannot be read: Permission denied"):
        load("secret.yaml")


def test_an_endless_file_is_not_read_to_its_end() -> None:
    endless = Path("/dev/zero")
    if endless.exists():
        with pytest.raises(CaseError, match="more than 1 MiB"):
            load(endless)


def test_a_name_nearly_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.case.builtin_cases", lambda: ("peninsula",))
    with pytest.raises(CaseError, match="no built-in case of that name; did you mean 'peninsula'"):
        load("penninsula")


@pytest.mark.parametrize("name", builtin_cases())
def test_built_in_cases_are_sound(name: str) -> None:
    assert load(name).name == name
