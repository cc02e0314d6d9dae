"""Why a claim is answered as it is: each part of the view says what the engine says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from detente.case import load
from detente.case._anchors import sentence_hash
from detente.engine import stop_when
from detente.explanation import explain_answer
from detente.workbench._recorded import variables_asked
from detente.workbench._setting import Setting
from detente.workbench._solver import PageSolver
from detente.workbench._stated import stated_answer

SENTENCE = "Pressure alone seldom ends a programme."


@pytest.fixture
def solver(tmp_path: Path) -> PageSolver:
    return PageSolver(tmp_path)


def lines(solver: PageSolver, query: str, kind: str = "stream", **more: Any) -> list[Any]:
    question = {"kind": kind, "view": "why", "query": query, "plain": False, **more}
    return list(solver.answer(question))


def placed(found: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return what stands in each place at the end, tags gone."""
    last = {line["put"]: line["html"] for line in found if "put" in line}
    return {place: bare(html) for place, html in last.items()}


def bare(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def anchored(folder: Path, text: str) -> None:
    """Write a case whose first claim points at a sentence, and the text of its source."""
    digest = sentence_hash(SENTENCE)
    where = f"{{source: pape-1997, paragraph: 1, sentence: 2, hash: {digest}}}"
    case = (
        load("sanctions").text.decode().replace("  - id: T1\n", f"  - id: T1\n    where: {where}\n")
    )
    folder.joinpath("mine.yaml").write_text(case)
    folder.joinpath("sources").mkdir()
    folder.joinpath("sources", "pape-1997.txt").write_text(text)


def test_reasons_and_flips_are_those_of_the_command(solver: PageSolver) -> None:
    """Would catch: a page that explains another case than the setting's, or in other words."""
    found = placed(lines(solver, "case=sanctions&claim=T1"))
    wanted = explain_answer(load("sanctions"), "T1")
    for sentence in wanted.sentences[1:]:
        assert " ".join(sentence.split()) in found["why-reasons"]
    for flip in [*wanted.flips, wanted.pair]:
        assert flip is not None
        assert flip.words in found["why-flips"]
    assert wanted.effects[0].name in found["why-turns"]
    assert "draws" in found["why-breaks"]


def test_what_the_moves_did_is_said_one_by_one(solver: PageSolver) -> None:
    """Would catch: a flipped claim that does not say so, or puts it down to the wrong move."""
    query = "case=sanctions&claim=T1&set.pain=1.4&do.sender.offer=small"
    question = {"kind": "stream", "view": "why", "query": query + "&plain=1"}
    html = placed(list(solver.answer(question)))["why-moved"]
    answers = []
    for moves in ("", "&do.sender.offer=small", "&set.pain=1.4"):
        scene = solver._request(f"case=sanctions{moves}").scene
        answers.append(stated_answer(scene.case.claim("T1"), scene))
    stated, *without = answers
    assert bare(f"As the case states it, the answer is {stated.number} {stated.word}") in html
    for move, found in zip(("pain 1.4 instead of 0.8", "held at small"), without, strict=True):
        assert bare(f"{move} {found.number} {found.word}") in html


def test_every_flip_leads_to_the_verdict_that_it_names(solver: PageSolver) -> None:
    """Would catch: a link that loses digits or moves something else, and what cannot move back."""
    found = lines(solver, "case=sanctions&claim=T1&set.pain=1.4")
    words = placed(found)
    assert "pain" in words["why-turns"]
    assert "pain from 1.4 to" in words["why-flips"]
    html = {line["put"]: line["html"] for line in found if "put" in line}["why-flips"]
    rows = re.findall(
        r'<a href="([^"]+)">[^<]*</a></th><td class="number">[^<]*</td><td>(\w+)<', html
    )
    assert len(rows) > 3
    for address, word in rows:
        setting, own = Setting.parse(unescape(address).partition("?")[2])
        scene = solver.bench.scene(setting)
        assert stated_answer(scene.case.claim(own["claim"]), scene).word == word


def test_the_cheap_comes_first_and_the_rest_can_be_left(solver: PageSolver) -> None:
    """Would catch: a search that goes on when nobody waits for it."""
    pointless: list[bool] = []
    seen = []
    with stop_when(lambda: bool(pointless)):
        answers: Iterator[Any] = solver.answer(
            {"kind": "stream", "view": "why", "query": "case=sanctions&claim=T1"}
        )
        for line in answers:
            seen.append(line)
            if line.get("first"):
                pointless.append(True)
    first = [line["put"] for line in seen if line.get("put", "").startswith("why-")]
    assert first == ["why-ways", "why-answer", "why-reasons", "why-record"]
    assert seen[-1] == {"end": "stopped"}


def test_every_part_that_takes_long_says_how_far_it_is(solver: PageSolver) -> None:
    """Would catch: headings with nothing under them, and words on progress that stay."""
    found = [line["puts"] for line in lines(solver, "case=sanctions&claim=T1") if "puts" in line]
    places = next(one for one in found if "why-flips-far" in one)
    said = {place: [bare(one[place]) for one in found if place in one] for place in places}
    assert "Moving each parameter alone: " in " ".join(said["why-flips-far"])
    assert " solved" in " ".join(said["why-flips-far"])
    assert said["why-breaks-far"][0]
    assert said["why-flips-far"][-1] == said["why-turns-far"][-1] == ""


def test_the_sentence_is_shown_between_its_neighbours(solver: PageSolver, tmp_path: Path) -> None:
    """Would catch: a sentence looked up by its number where its hash is meant."""
    anchored(tmp_path, f"It was so before. {SENTENCE} Offers do <b>more</b>.")
    (page,) = [
        line["html"] for line in lines(solver, "case=mine.yaml&claim=T1", "page") if "html" in line
    ]
    assert f"It was so before. <mark>{SENTENCE}</mark> Offers do &lt;b&gt;more&lt;/b&gt;." in page
    assert "From sources/pape-1997.txt." in page


def test_a_sentence_elsewhere_or_nowhere_is_said(solver: PageSolver, tmp_path: Path) -> None:
    anchored(tmp_path, f"{SENTENCE} Offers do more.")
    page = bare(str(lines(solver, "case=mine.yaml&claim=T1", "page")[0]["html"]))
    assert "stands at paragraph 1, sentence 1" in page
    (tmp_path / "sources" / "pape-1997.txt").write_text("Something else is written here.")
    page = bare(str(lines(solver, "case=mine.yaml&claim=T1", "page")[0]["html"]))
    assert "has no sentence with the hash" in page
    (tmp_path / "sources" / "pape-1997.txt").write_bytes(b"\xff\xfe\x00")
    page = bare(str(lines(solver, "case=mine.yaml&claim=T1", "page")[0]["html"]))
    assert "is not UTF-8; save it as such" in page


def test_a_text_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    """Would catch: a link in the folder that leads to a file elsewhere."""
    folder = tmp_path / "folder"
    folder.mkdir()
    anchored(folder, "")
    (tmp_path / "secret.txt").write_text(f"It was so before. {SENTENCE}")
    (folder / "sources" / "pape-1997.txt").unlink()
    (folder / "sources" / "pape-1997.txt").symlink_to(tmp_path / "secret.txt")
    page = lines(PageSolver(folder), "case=mine.yaml&claim=T1", "page")[0]["html"]
    assert SENTENCE not in page
    assert "put the text of the source into the folder as pape-1997.txt" in page


def test_a_claim_that_is_not_asked_says_why(solver: PageSolver) -> None:
    page = bare(str(lines(solver, "case=sanctions&claim=T6", "page")[0]["html"]))
    assert "A wish without a measure" in page
    assert lines(solver, "case=sanctions&claim=T6")[-1] == {"end": "done"}


def test_an_unknown_claim_is_an_error_with_a_remedy(solver: PageSolver) -> None:
    (found, _) = lines(solver, "case=sanctions&claim=T66", "page")
    assert "the case has no claim &#39;T66&#39;; did you mean" in found["html"]


def test_a_model_without_an_answer_says_so(solver: PageSolver) -> None:
    """Would catch: a failed solve that leaves the page of the older setting standing."""
    found = lines(solver, "case=sanctions&claim=T1&set.sharpness=-1e9")
    assert found[-1] == {"end": "done"}
    assert "no answer here" in placed(found)["why-reasons"]
    assert placed(found)["why-flips"] == ""


def test_without_script_the_long_search_waits_to_be_asked_for(solver: PageSolver) -> None:
    page = lines(solver, "case=sanctions&claim=T1&plain=1", "page", plain=True)[0]["html"]
    assert "Look for what would change it" in page
    assert "At the stated values the answer is" in page


def test_what_a_question_is_about() -> None:
    """Would catch: variables behind an issue, and those that an arm holds, that are left out."""
    case = load("sanctions")
    assert variables_asked(case.claim("T1"), case) == (
        "sender.sanctions", "sender.offer", "target.programme",
    )  # fmt: skip
    assert variables_asked(case.claim("T5"), case) == ("target.programme", "tension")
