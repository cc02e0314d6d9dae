"""The examples of ``docs/uncertainty.md`` run as printed.

Catches: a page that names what is not there, or shows what does not come out.
"""

from __future__ import annotations

import doctest
from pathlib import Path

from detente.case import read_case

FOLDER = Path(__file__).parents[1]
PAGE = FOLDER.parent / "docs" / "uncertainty.md"


def test_every_example_runs_as_printed():
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(PAGE), module_relative=False, optionflags=options)
    assert found.attempted >= 12
    assert found.failed == 0


def test_what_it_shows_of_a_case_file_is_read():
    case = (FOLDER / "case" / "variants.yaml").read_text("utf-8")
    blocks = [part.split("```")[0] for part in PAGE.read_text("utf-8").split("```yaml\n")[1:]]
    assert len(blocks) == 2
    head, rest = case.split("correlations:", 1)
    tail = "actors:" + rest.split("actors:", 1)[1]
    made = read_case((head + "".join(blocks) + tail).encode(), "page.yaml")
    assert [variant.name for variant in made.variants] == ["neighbour", "aim"]
    assert made.correlations[0].rank == 0.7
