"""Forms and text are one document: a field changes its place in the text and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from detente.case import read_case
from detente.workbench._solver import PageSolver
from detente.workbench._versions import CaseFiles


@pytest.fixture
def solver(tmp_path: Path) -> PageSolver:
    return PageSolver(tmp_path)


def act(solver: PageSolver, action: str, /, **body: Any) -> dict[str, Any]:
    """Return all that an action said, with the places it filled under their ids."""
    found: dict[str, Any] = {}
    for line in solver.answer({"kind": "act", "name": action, "body": {"table": "", **body}}):
        found.update(line)
        if "put" in line:
            found[line["put"]] = line["html"]
    return found


def text_of(solver: PageSolver, case: str) -> str:
    return CaseFiles(solver.bench.folder).read(case).text


def changed_lines(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_field_changes_its_own_place_alone(solver: PageSolver) -> None:
    text = text_of(solver, "sanctions")
    path = ["parameters", "pain", "range"]
    new = act(solver, "change", case="sanctions", text=text, path=path, kind="low", value="0.2")
    assert changed_lines(text, new["text"]) == [
        line
        for pair in [("- ", "0.3"), ("+ ", "0.2")]
        for line in [
            f"{pair[0]}  pain: {{value: 0.8, range: [{pair[1]}, 1.5], reason: \"Cost of full "
            'sanctions to the target; sceptics of sanctions put it low.", source: pape-1997}'
        ]
    ]  # fmt: skip


def test_the_layout_of_the_flagship_stays(solver: PageSolver) -> None:
    """Would catch: mappings of several lines folded into one, anchors renamed, comments moved."""
    text = text_of(solver, "peninsula")
    path = ["actors", "us", "title"]
    new = act(solver, "change", case="peninsula", text=text, path=path, kind="text", value="USA")
    assert changed_lines(text, new["text"]) == ["-     title: United States", "+     title: USA"]


def test_what_is_no_number_is_refused_with_the_remedy(solver: PageSolver) -> None:
    text = text_of(solver, "sanctions")
    path = ["parameters", "pain", "value"]
    found = act(
        solver, "change", case="sanctions", text=text, path=path, kind="number", value="0,5"
    )
    assert found["error"] == "'0,5' is not a number; write 0.5, with a point"
    assert found["end"] == "failed"


def test_emptying_the_last_level_held_takes_the_mapping_away(solver: PageSolver) -> None:
    """Would catch: ``do: {}``, which the format does not allow."""
    text = text_of(solver, "sanctions")
    path = ["claims", "T2", "ask", "do", "sender.offer"]
    new = act(solver, "change", case="sanctions", text=text, path=path, kind="text", value="")[
        "text"
    ]
    assert 'ask: {probability: "F[0, 5] target.programme == dismantled"}' in new
    assert read_case(new.encode(), "s.yaml").claim("T2").ask is not None


@pytest.mark.parametrize("measure", ["expected", "average", "equilibrium", "possible"])
def test_another_measure_makes_a_sound_question(solver: PageSolver, measure: str) -> None:
    text = text_of(solver, "sanctions")
    path = ["claims", "T5", "ask"]
    new = act(
        solver, "change", case="sanctions", text=text, path=path, kind="measure", value=measure
    )
    again = act(
        solver, "change", case="sanctions", text=new["text"], path=path, kind="measure",
        value="probability",
    )  # fmt: skip
    for one in (new, again):
        claim = act(solver, "check", case="sanctions", text=one["text"])
        wrong = [f["message"] for f in claim["findings"] if f["kind"] == "error"]
        assert all("while" in message or "words" in message for message in wrong), wrong


ADDED: Mapping[str, Mapping[str, str]] = {
    "parameter": {"name": "Oil price", "value": "70", "low": "50", "high": "100",
                  "reason": "It swings.", "source": "judgement"},
    "source": {"name": "Smith 2020", "title": "On things: a view", "date": "2020-02-01"},
    "option": {"actor": "sender", "name": "speech", "levels": "mild, harsh", "today": "mild"},
    "actor": {"name": "press", "option": "tone", "levels": "calm, shrill", "issue": "calm"},
    "claim": {
        "says": "It ends.", "variable": "target.programme", "level": "dismantled", "years": "3",
        "measure": "happens", "expects": "very likely", "held": "sender.offer",
        "held_level": "large",
    },
    "observation": {
        "date": "2025-05-01", "variable": "sender.sanctions", "level": "some",
        "source": "pape-1997", "widen": "on",
    },
}  # fmt: skip


@pytest.mark.parametrize("section", ADDED)
def test_what_is_added_by_a_form_makes_a_sound_case(solver: PageSolver, section: str) -> None:
    text = text_of(solver, "sanctions")
    body = {"case": "sanctions", "section": section, "fields": ADDED[section]}
    found = act(solver, "add_entry", text=text, **body)
    assert found["end"] == "done", found
    read_case(found["text"].encode(), "s.yaml")
    assert all(line.startswith("+") or "status_quo" in line or "- " in line
               for line in changed_lines(text, found["text"]))  # fmt: skip
    assert text.splitlines()[0] == found["text"].splitlines()[0]


def test_a_claim_and_an_observation_are_added_to_a_case_that_has_none(
    solver: PageSolver, tmp_path: Path
) -> None:
    text = "\n".join(
        ["detente: 1", "title: A dam", "sources: {news: {title: News}}", "actors:", "  up:",
         "    options: {dam: [none, built]}",
         "    preferences: {statements: [up.dam == built]}", "status_quo: {up.dam: none}", ""]
    )  # fmt: skip
    (tmp_path / "dam.yaml").write_text(text)
    fields = {"says": "Built.", "variable": "up.dam", "level": "built", "expects": "> 0.5"}
    body = {"case": "dam.yaml", "section": "claim", "fields": fields}
    assert "for how many years" in act(solver, "add_entry", text=text, **body)["error"]
    fields["years"] = "4"
    text = act(solver, "add_entry", case="dam.yaml", text=text, section="claim", fields=fields)[
        "text"
    ]
    row = {
        "date": "2020-01-05",
        "variable": "up.dam",
        "level": "none",
        "source": "news",
        "widen": "on",
    }
    body = {"case": "dam.yaml", "section": "observation", "fields": row}
    found = act(solver, "add_entry", text=text, **body)
    assert "needs a clock" in found["error"]
    path = ["clock", "start"]
    text = act(solver, "change", case="dam.yaml", text=text, path=path, kind="date",
               value="2020-02-01")["text"]  # fmt: skip
    text = act(solver, "add_entry", text=text, **body)["text"]
    case = read_case(text.encode(), "dam.yaml")
    assert [claim.id for claim in case.claims] == ["C1"]
    assert len(case.history) == 1


def test_forms_stand_while_the_text_has_errors_and_say_which(solver: PageSolver) -> None:
    text = text_of(solver, "sanctions").replace(
        "value: 0.8, range: [0.3", "value: much, range: [0.3"
    )
    found = act(solver, "check", case="sanctions", text=text)
    assert not found["sound"]
    assert found["findings"][0]["line"] == 19
    assert "must be a number" in found["edit-forms"]
    assert "must be a number" in found["edit-findings"]
    broken = act(solver, "check", case="sanctions", text="actors: [")
    assert "not YAML at the moment" in broken["edit-forms"]
    assert broken["end"] == "done"


ROWS = """date\tvariable\tlevel\tsource
2026-05-01\tsender.sanctions\tsome\tpape-1997
01.06.2026\tsender.sanction\tsome\tnobody
"""


def test_every_wrong_cell_of_pasted_rows_is_named(solver: PageSolver) -> None:
    text = text_of(solver, "sanctions")
    found = act(solver, "paste_rows", case="sanctions", text=text, pasted=ROWS, add=True)
    assert "text" not in found
    shown = found["paste-preview"]
    assert "1 row with errors" in shown
    assert "is not a date" in shown
    good = ROWS.replace("01.06.2026", "2026-06-01").replace("sanction\t", "sanctions\t")
    good = good.replace("nobody", "pape-1997")
    found = act(solver, "paste_rows", case="sanctions", text=text, pasted=good, add=True)
    assert len(read_case(found["text"].encode(), "s.yaml").history) == 2


def test_a_row_without_a_kind_says_that_it_was_seen(solver: PageSolver) -> None:
    """Would catch: a cell without words where the file leaves out what goes without saying."""
    text = text_of(solver, "sanctions")
    body = {"case": "sanctions", "section": "record"}
    fields = ADDED["observation"]
    text = act(solver, "add_entry", text=text, **{**body, "section": "observation"}, fields=fields)[
        "text"
    ]
    assert (
        '<option value="seen" selected>seen</option>'
        in act(solver, "check", text=text, **body)["edit-forms"]
    )
    path = ["history", 0, "kind"]
    other = act(solver, "change", text=text, path=path, kind="cell", value="from", **body)["text"]
    assert "kind: from" in other
    again = act(solver, "change", text=other, path=path, kind="cell", value="seen", **body)["text"]
    assert "kind:" not in again.partition("history:")[2]


def test_the_form_of_a_claim_says_what_it_takes_for_granted(solver: PageSolver) -> None:
    """Would catch: years that nobody gave, and no word of a claim without a verdict."""
    for case, years in (("chicken", ""), ("sanctions", "5")):
        text = text_of(solver, case)
        form = act(solver, "check", case=case, text=text, section="claims")["edit-forms"]
        assert f'name="years" value="{years}"' in form
        assert ("to the end of the case" in form) == bool(years)
        assert "there is no verdict" in form
        assert re.search('<option value="likely">55\\D+80', form)


def test_a_single_error_is_counted_as_one(solver: PageSolver) -> None:
    text = text_of(solver, "sanctions").replace("value: 0.8, range: [0.3", "value: a, range: [0.3")
    found = act(solver, "check", case="sanctions", text=text)
    assert found["count"].startswith("1 error")
    (solver.bench.folder.root / "one.yaml").write_text(text)
    found = act(solver, "save", case="one.yaml", text=text, base="")
    assert found["error"] == "the text has 1 error; mend it, or save it as a draft"


def test_rows_of_a_table_beside_the_case_are_edited_in_the_table(
    solver: PageSolver, tmp_path: Path
) -> None:
    """Would catch: rows written into the case, quotes lost, other rows touched."""
    made = act(solver, "save_as", case="peninsula", text=text_of(solver, "peninsula"), name="mine")
    assert made["go"].startswith("/edit?case=mine.yaml&at=")
    table = "peninsula_history.csv"
    text = text_of(solver, table)
    body = {"case": "mine.yaml", "table": table}
    new = act(solver, "change", text=text, path=["history", 0, "note"], kind="cell",
              value='Talks, "calm"', **body)["text"]  # fmt: skip
    changed = changed_lines(text, new)
    assert len([line for line in changed if line[0] == "+"]) == 1
    assert changed[-1].endswith('"Talks, ""calm"""') or changed[0].endswith('"Talks, ""calm"""')
    wrong = act(solver, "change", text=text, path=["history", 0, "level"], kind="cell",
                value="mangled", **body)["text"]  # fmt: skip
    found = act(solver, "check", text=wrong, section="record", **body)
    assert found["findings"][0]["line"] == 2
    before = solver.bench.case("mine.yaml").sha256
    saved = act(
        solver, "save", text=new, base=CaseFiles(solver.bench.folder).read(table).sha, **body
    )
    assert (tmp_path / table).read_text() == new
    assert not before.startswith(saved["at"])


def test_a_table_outside_of_the_folder_is_not_read(solver: PageSolver, tmp_path: Path) -> None:
    text = text_of(solver, "sanctions") + "history: ../secret.csv\n"
    (tmp_path.parent / "secret.csv").write_text("date\nsecret\n")
    found = act(solver, "check", case="sanctions", text=text)
    assert "outside the folder" in found["edit-findings"]
    for table in ("../secret.csv", "/etc/passwd", "x.txt"):
        found = act(solver, "check", case="sanctions", text="date\n", table=table)
        assert "secret" not in found.get("edit-forms", "")
        found = act(solver, "save", case="sanctions", text="date\n", table=table, base="")
        assert found["end"] == "failed"
