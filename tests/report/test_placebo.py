"""The report's section on placebos: there when asked for, in the words of the result.

Would catch: a section without numbers, numbers of another run, a run that got slower unasked, and a
command in the report that does not repeat the run.
"""

from __future__ import annotations

import detente
from detente.evidence import placebo
from detente.report import render
from report.page_outline import Outline


def test_the_section_says_what_the_result_says() -> None:
    case = detente.load("chicken")
    findings = detente.analyse(case, draws=4, rng=2, placebos=10)
    alone = placebo(case, 10, 2)
    assert findings.to_dict()["placebo"] == alone.to_dict()
    assert findings.command.endswith("--placebo 10")
    text = Outline(render(findings)).text
    assert alone.verdict() in text
    for test in alone.tests():
        assert f"{test.p:.3f}" in text
    for one in alone.runs:
        assert one.about in text


def test_without_being_asked_there_is_none() -> None:
    findings = detente.analyse(detente.load("chicken"), draws=2)
    assert findings.placebo is None
    assert findings.to_dict()["placebo"] is None
    assert 'id="placebo"' not in render(findings)
    assert "--placebo" not in findings.command
