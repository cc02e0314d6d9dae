"""A draft invents nothing: each rule refuses what it is there for, and says what to do.

The worked case is the sound one; each test changes one thing of it. Would catch: a likelihood that
the document does not state, a claim that stands nowhere, a number without a range, a draft that
reads another file or says that its own warnings are meant.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest

from detente import __version__
from detente.case import read_case, sentence_hash
from detente.drafting import CheckedAnswer, check_answer, draft_prompt
from detente.drafting._prompt import worked_case, worked_document
from detente.reading import Document, Sentence
from detente.report._page import fill

DAY = dt.date(2026, 1, 2)
SAID = [
    "The upper state will probably not sign.",
    "It is very likely to wait.",
    "There is a 60 per cent chance of rain, or 20-30 % at worst.",
    "The town will leave.",
]
HASHES = {sentence.place: sentence.hash for sentence in worked_document().sentences()}


@cache
def document() -> Document:
    """Return the worked one, with a paragraph more."""
    more = tuple(Sentence(3, k, text, sentence_hash(text)) for k, text in enumerate(SAID, 1))
    return replace(worked_document(), paragraphs=(*worked_document().paragraphs, more))


def checked(case: str) -> CheckedAnswer:
    return check_answer(document(), draft_prompt(document()), case, date=DAY)


def claim(sentence: int, rest: str) -> str:
    """Return the worked case with one claim more, at a sentence of the third paragraph."""
    where = f"source: worked, paragraph: 3, sentence: {sentence}"
    more = f"""
  - id: C9
    says: Something of the kind.
    where: {{{where}, hash: {sentence_hash(SAID[sentence - 1])}}}
    {rest}

brief:"""
    return worked_case().replace("\nbrief:", more)


FIRES = 'ask: {probability: "F[0, 5] upper.dam == large"}'


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        (1, f"words: probably not\n    expect: words\n    {FIRES}"),
        (2, f"words: Very likely\n    expect: words\n    {FIRES}"),
        (3, f"expect: [0.6, 0.6]\n    {FIRES}"),
        (3, f"expect: [0.2, 0.3]\n    {FIRES}"),
        (3, f"expect: '< 0.3'\n    {FIRES}"),
        (3, f"expect: [0, 0.3]\n    {FIRES}"),
        (4, "ask: {possible: upper.dam == large}\n    expect: false"),
        (4, "ask: {gain: upper, levels: {upper.dam: small}}\n    expect: '> 0'"),
        (4, FIRES),
    ],
)
def test_what_the_document_says_may_be_expected(sentence, rest):
    assert list(map(str, checked(claim(sentence, rest)).problems)) == []


@pytest.mark.parametrize(
    ("sentence", "rest", "message"),
    [
        (1, f"words: probably\n    expect: words\n    {FIRES}", "says 'probably not', not just"),
        (2, f"words: likely\n    expect: words\n    {FIRES}", "says 'very likely', not just"),
        (4, f"words: likely\n    expect: words\n    {FIRES}", "does not say 'likely'"),
        (4, f"words: will\n    expect: words\n    {FIRES}", "'will' is an unmarked modal"),
        (4, f"expect: [0.8, 1]\n    {FIRES}", "expects 0.8, 1, which sentence 3.4 does not say"),
        (4, f"expect: '> 0.5'\n    {FIRES}", "expects 0.5, which"),
        (4, f"expect: true\n    {FIRES}", "expects true of what has a probability"),
        (3, f"expect: [0.6, 0.9]\n    {FIRES}", "expects 0.9, which"),
        (4, "ask: {expected: upper.dam == large, at: 2}\n    expect: '> 0.7'", "expects 0.7"),
    ],
)
def test_a_likelihood_that_the_document_does_not_give_is_refused(sentence, rest, message):
    (problem,) = checked(claim(sentence, rest)).problems
    assert message in problem.message
    assert problem.line > 60


WHERE = f"where: {{source: worked, paragraph: 2, sentence: 1, hash: {HASHES['2.1']}}}"


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        (WHERE, "note: n", "'C3' does not say where it stands", "add `where:`"),
        (
            "paragraph: 2, sentence: 1", "paragraph: 2, sentence: 2",
            "'C3' points at 2.2, but its hash is that of 2.1", "write paragraph: 2, sentence: 1",
        ),
        (HASHES["2.1"], "0" * 16, "'C3' points at 2.1, whose hash", f"write hash: {HASHES['2.1']}"),
        (
            WHERE, WHERE.replace("paragraph: 2", "paragraph: 7").replace(HASHES["2.1"], "1" * 16),
            "the document has no such sentence", "give the numbers",
        ),
        (
            "Both states take pride in the river.", "The river is the pride of both.",
            "'C4' copies sentence 2.2", "say it in your own words",
        ),
        (", range: [0.4, 2.4]", "", "'power' has no range", "add `range: [low, high]`"),
        ("range: [0.4, 2.4]", "range: [1.1, 1.3]", "the range of 'power' is narrow", "widen it"),
        (
            "reason: Worth of electricity upstream., source: judgement",
            "reason: Worth of electricity upstream., source: worked",
            "the value of 'power' is a judgement", "write `source: judgement`",
        ),
        ("quarrel: -fear", "quarrel: -0.6", "quarrel is the bare number -0.6", "make it a param"),
        ("dry -> wet: relief", "dry -> wet: 0.6", "dry -> wet is the bare number", "make it"),
        ("title: Upper state", "rate: 4", "rate is the bare number 4", "make it a parameter"),
        ("cost: price", "cost: 0.3", "cost is the bare number 0.3", "make it"),
        ("brief: [C1, C3]", "history: rows.csv", "a draft has no 'history'", "take it out"),
        ("brief: [C1, C3]", "history: /etc/passwd", "a draft has no 'history'", "take it out"),
        ("brief: [C1, C3]", "drafted_by: []", "a draft has no 'drafted_by'", "take it out"),
        (
            "brief: [C1, C3]", "meant: [{warning: same-arms, of: claim C1, reason: r}]",
            "a draft has no 'meant'", "take it out",
        ),
        (
            "unasked: A sentiment", "resolved: {outcome: true}\n    unasked: A sentiment",
            "how a claim turned out", "take it out",
        ),
        (
            "sources: {worked: {title: worked}}", "sources: {worked: {title: w}, a: {title: b}}",
            "the one source of this draft is worked, not 'a'", "write `sources: {worked",
        ),
    ],
)  # fmt: skip
def test_what_a_draft_may_not_is_refused_at_its_place(old, new, message, remedy):
    case = worked_case().replace(old, new)
    assert case != worked_case()
    (problem,) = [p for p in checked(case).problems if "has no reason" not in p.message]
    assert message in problem.message
    assert problem.remedy.startswith(remedy)
    lines = zip(worked_case().splitlines(), case.splitlines(), strict=False)
    changed = next(k for k, (old_line, new_line) in enumerate(lines, 1) if old_line != new_line)
    assert abs(problem.line - changed) <= 2


def test_too_many_states_are_refused_before_any_is_looked_at():
    options = "".join(f"      x{k}: [a, b, c, d, e]\n" for k in range(9))
    case = worked_case().replace("    options:\n      dam", f"    options:\n{options}      dam")
    (problem,) = checked(case).problems
    endless = case.replace(
        "      x0:", "".join(f"      y{k}: [a, b]\n" for k in range(60)) + "      x0:"
    )
    assert "more than 10^15 states" in checked(endless).problems[0].message
    assert "23,437,500 states, more than 20,000" in problem.message


def test_an_answer_without_end_is_refused_unread():
    (problem,) = checked(worked_case() + "#" * 2**20).problems
    assert "more than 1,048,576" in problem.message


def test_all_problems_come_at_once_and_make_the_next_prompt():
    case = worked_case().replace("range: [0.4, 2.4]", "range: [1.1, 1.3]")
    case = case.replace("expect: words", "expect: [0.5, 0.9]").replace(
        "dam == large", "dm == large"
    )
    found = checked(f"Sure!\n\n```yaml\n{case}\n```")
    said = found.next_prompt
    assert said.startswith(f"The case that you sent has {len(found.problems)} problems.")
    for words in ("range of 'power' is narrow", "expects 0.5, 0.9", "did you mean 'upper.dam'?"):
        assert words in said
    assert said.count("\n- line ") == len(found.problems) >= 3
    line = next(k for k, one in enumerate(case.splitlines(), 4) if "power: {" in one)
    assert f"- line {line}, column 23: the range of 'power'" in said
    assert (found.text, str(found)) == ("", said)


def test_an_accepted_draft_says_who_drafted_it_and_has_the_record_of_the_document():
    known = replace(
        document(), title="The dam: a\u202e quarrel", author="A. Writer", date=dt.date(2025, 5, 1)
    )
    prompt = draft_prompt(known)
    text = worked_case().replace("{title: worked}", "{title: Lies, address: https://evil.example}")
    found = check_answer(known, prompt, f"```yaml\n{text}\n```", model="small one", date=DAY)
    case = read_case(found.text.encode(), "case.yaml")
    (note,) = case.drafted_by
    assert (note.tool, note.version, note.model) == ("detente draft", __version__, "small one")
    assert (note.prompt_hash, note.date) == (prompt.hash, DAY)
    assert note.drafted[0] == "title"
    assert {"actors", "parameters", "claims"} < set(note.drafted)
    source = case.sources["worked"]
    assert source.title == "The dam: a\\u202e quarrel"
    assert (source.author, source.date, source.address) == ("A. Writer", dt.date(2025, 5, 1), "")
    assert found.text.startswith("detente: 1\ntitle: A dam on a shared river\n")


def test_a_report_says_what_was_drafted():
    case = read_case(checked(worked_case()).text.encode(), "case.yaml")
    page = fill("sources.html.j2", sources=(), case=case)
    assert f"detente draft {__version__} drafted title, question" in page
    assert "on 2 Jan 2026" in page
