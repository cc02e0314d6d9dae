"""Each template is sound without a warning, runs, and gives the answers written down for it.

Would catch: a template that a change of the format or of a rule of warnings has broken, one whose
claims have become foregone conclusions, one that has grown long, and an answer that moved.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

import detente
from detente.case import Case, read_case
from detente.claims import answer_claim, claims_model
from detente.errors import InputError
from detente.templates import case_templates, copied_files, fill_template

TEMPLATES = {template.name: template for template in case_templates()}
ANSWERS = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))
MOST_LINES = 92
NAMES = [
    "alliance",
    "crisis_bargaining",
    "deterrence",
    "peace_talks",
    "sanctions",
    "water_sharing",
    "blank",
]


def read(name: str) -> Case:
    return read_case(TEMPLATES[name].text.encode(), f"{name}.yaml")


def test_these_are_the_templates() -> None:
    assert list(TEMPLATES) == NAMES == list(ANSWERS)
    for template in TEMPLATES.values():
        assert template.text.startswith(f"# {template.about}\n")
        assert template.text.count("\n") <= MOST_LINES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_where_its_shape_and_numbers_come_from(name: str) -> None:
    case = read(name)
    assert case.about
    assert case.sources
    assert 3 <= len(case.claims) <= 5
    assert all(claim.ask is not None for claim in case.claims)
    for parameter in case.parameters.values():
        assert parameter.low < parameter.high, parameter.name
        assert parameter.reason, parameter.name
        assert parameter.source, parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_sound_and_gives_its_answers(name: str) -> None:
    case = read(name)
    assert case.review().open == ()
    model = claims_model(case)
    found = {claim.id: answer_claim(claim, model).value for claim in case.claims}
    assert found == pytest.approx(ANSWERS[name], abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_of_a_template_is_foregone(name: str) -> None:
    """A few draws are run, and at least two claims have answers that differ from draw to draw."""
    verdicts = read(name).study(12, 1, workers=1).verdicts()
    spread = {one.claim.id: one.most[1] - one.most[0] for one in verdicts}
    assert sum(width > 0.02 for width in spread.values()) >= 2, spread


def test_a_new_case_has_its_title_and_its_clock_and_all_remarks() -> None:
    title = 'Ours: "a" #1'
    text = fill_template("deterrence", title, dt.date(2028, 2, 29))
    case = read_case(text.encode(), "x.yaml")
    assert (case.title, case.start, case.end) == (title, dt.date(2028, 2, 29), dt.date(2033, 2, 27))
    old, new = TEMPLATES["deterrence"].text.splitlines(), text.splitlines()
    assert len([line for line in old if line not in new]) == 2


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(InputError, match=r"'alliances'; did you mean 'alliance'\?"):
        fill_template("alliances")


TABLE = b"date,variable,level,source\n2025-01-01,second.stance,firm,notes\n"


def test_a_copy_has_its_history_beside_it(tmp_path: Path) -> None:
    text = TEMPLATES["blank"].text.replace(
        "clock: {start", "history: data/old.csv\nclock: {since: 2024-01-01, start"
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "old.csv").write_bytes(TABLE)
    (tmp_path / "old.yaml").write_text(text)
    for name, content in copied_files(str(tmp_path / "old.yaml"), "mine", "My own").items():
        (tmp_path / name).write_bytes(content)
    copy = detente.load(tmp_path / "mine.yaml")
    assert copy.title == "My own"
    assert len(copy.history) == 1
    assert (tmp_path / "mine_history.csv").read_bytes() == TABLE


def test_a_copy_of_a_built_in_case_keeps_its_text() -> None:
    """A reader of the copy finds every remark of the original."""
    folder = Path(detente.__file__).parent / "cases"
    copied = copied_files("peninsula", "mine")
    text = (folder / "peninsula.yaml").read_bytes()
    assert copied == {
        "mine.yaml": text.replace(b"history: peninsula", b"history: mine"),
        "mine_history.csv": (folder / "peninsula_history.csv").read_bytes(),
    }


def test_a_copy_of_a_plain_file_has_the_same_bytes(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + TEMPLATES["blank"].text.replace("\n", "\r\n").encode()
    (tmp_path / "old.yaml").write_bytes(text)
    assert copied_files(str(tmp_path / "old.yaml"), "new") == {"new.yaml": text}
