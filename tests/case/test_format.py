"""The page of the format is what the code says, and all its examples hold.

Would catch: a key without an example, an example that the reader refuses, a formula whose stated
value or precedence is wrong, a page that lags behind the schema, a line too wide for a terminal.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from detente.case import (
    describe_field,
    format_fields,
    format_page,
    format_topics,
    json_schema,
    read_case,
)
from detente.case._format_fields import example_text
from detente.case._format_page import FUNCTIONS, OPERATORS, QUERIES
from detente.case._words import SCALES, look_up, phrases
from detente.case._yaml_reading import parse
from detente.cli import main
from detente.errors import InputError
from detente.expression import compile_formula
from detente.expression._parser import _PRECEDENCE, parse_formula
from detente.expression._tokens import FUNCTIONS as KNOWN

PAGE = Path(__file__).parents[2] / "docs" / "format.md"
FIELDS = {field.path: field for field in format_fields()}


@pytest.fixture(scope="module")
def case():
    return read_case(example_text().encode(), "example.yaml")


@pytest.fixture(scope="module")
def conflict(case):
    return case.conflict()


def call(*words: str):
    return CliRunner().invoke(main, ["explain-format", *words])


def test_the_page_is_what_is_generated():
    """Mend with: detente explain-format --markdown > docs/format.md."""
    assert PAGE.read_text(encoding="utf-8") == format_page()


def test_every_key_of_the_schema_is_there_with_meaning_type_default_and_example():
    schema = json_schema()
    parts = [schema, *schema["definitions"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    assert {field.key for field in FIELDS.values()} == keys
    assert [f.path for f in FIELDS.values() if not (f.meaning and f.kind and f.default)] == []
    without = [f.path for f in FIELDS.values() if not f.example]
    assert without == [], "use the key in src/detente/case/example.yaml"


def test_the_schema_for_editors_has_the_same_words():
    text = json.dumps(json_schema(), ensure_ascii=False)
    for field in FIELDS.values():
        assert json.dumps(field.meaning, ensure_ascii=False) in text


def at(tree, path):
    """Yield what a case has at a path, whatever the names between."""
    if not path:
        yield tree
    elif isinstance(tree, list):
        for item in tree:
            yield from at(item, path)
    elif isinstance(tree, dict):
        if path[0] in tree:
            yield from at(tree[path[0]], path[1:])
        for value in tree.values():
            if isinstance(value, dict | list):
                yield from at(value, path)


@pytest.mark.parametrize("path", FIELDS)
def test_an_example_is_a_piece_of_the_case_that_the_reader_takes(path, case):
    """The whole case is read in the fixture; what stands at the key there is the example."""
    whole = parse(example_text(), pytest.fail).data()
    shown = parse(FIELDS[path].example, pytest.fail).data()
    assert set(shown) == {FIELDS[path].key}
    (value,) = shown.values()
    found = list(at(whole, path.split(".")))

    def begins(one):
        """Sections show their first entry."""
        if isinstance(one, dict) and isinstance(value, dict):
            return value.items() <= one.items()
        if isinstance(one, list) and isinstance(value, list):
            return value == one[: len(value)]
        return value == one

    assert any(map(begins, found))


@pytest.mark.parametrize(("written", "meaning", "example", "value"), [*OPERATORS, *FUNCTIONS])
def test_a_formula_has_the_value_stated(conflict, written, meaning, example, value):
    kind = "truth" if isinstance(value, bool) else "number"
    found = compile_formula(example, conflict.case.namespace, kind).evaluate(conflict.values)
    today = np.broadcast_to(found, conflict.shape)[conflict.status_quo]
    assert today == pytest.approx(value)


def test_operators_stand_from_the_loosest_to_the_tightest():
    levels = dict(_PRECEDENCE)
    rows = [
        {levels[w] for w in re.findall(r"iff|implies|or|and|in\b|[=!<>]=|[<>+*/]|-", row[0]) if
         w in levels} for row in OPERATORS if not row[0].startswith(("not", "-"))
    ]  # fmt: skip
    order = [level for row in rows for level in row]
    assert order == sorted(order)
    assert {level for row in rows for level in row} == set(levels.values())
    tree = parse_formula("not rain == dry and upper.dam == none")
    assert [child.kind for child in tree.children] == ["not", "comparison"]
    assert parse_formula("-2 * 3").kind == "product"


def test_every_function_is_told():
    assert {row[0].partition("(")[0] for row in FUNCTIONS} == set(KNOWN)


@pytest.mark.parametrize(("written", "meaning", "query"), QUERIES)
def test_a_query_gets_a_probability(conflict, written, meaning, query):
    equilibrium = conflict.equilibrium()
    assert 0.0 <= equilibrium.probability(query).value <= 1.0
    if query == "G[0, 5] rain == wet":  # rain leaves wet at a rate of 0.3, whatever anyone does
        assert equilibrium.probability(query).value == pytest.approx(np.exp(-0.3 * 5), abs=1e-6)


def test_the_table_of_words_is_that_of_the_reader():
    (topic,) = describe_field("words").topics
    for scale in SCALES:
        for phrase in phrases(scale):
            assert f"| {phrase} | {look_up(phrase, scale).low:g}" in topic.text


def test_what_is_printed_fits_80_columns():
    for name in [*(topic.name for topic in format_topics()), *FIELDS]:
        assert max(map(len, str(describe_field(name)).splitlines())) <= 80, name


def test_printed_examples_still_parse():
    """Long lines are folded; YAML reads the same."""
    for field in FIELDS.values():
        printed = str(field).split("\n\n", 1)[1]
        folded = parse("\n".join(line[4:] for line in printed.splitlines()), pytest.fail)
        assert folded.data() == parse(field.example, pytest.fail).data()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("claims.ask.probability", "F[a, b], G[a, b] or U[a, b]"),
        ("rate", "Chances to move a year"),
        ("formulas", "From the loosest to the tightest"),
        ("words", "almost certain"),
        ("cost", "type     formula or mapping"),
        ("levels", "conditions.levels"),
    ],
)
def test_a_key_or_topic_is_explained_alike_in_python_and_by_the_command(name, said):
    found = call(name)
    assert found.exit_code == 0
    assert said in found.output
    assert found.output == f"{describe_field(name)}\n"
    assert json.loads(call(name, "--json").stdout)["name"] == name


def test_without_a_key_all_are_listed_and_the_page_is_printed():
    listed = call().output
    for field in FIELDS.values():
        assert field.key in listed
    assert "topics: units" in listed
    assert call("--markdown").output == format_page()
    assert len(json.loads(call("--json").stdout)) == len(FIELDS)


@pytest.mark.parametrize(
    ("name", "near"), [("wieghts", "weights"), ("claims.ask.probabilty", "claims.ask.probability"),
                       ("prob", "probability"), ("formula", "formulas")]
)  # fmt: skip
def test_an_unknown_key_is_refused_with_the_nearest(name, near):
    with pytest.raises(InputError, match=f"did you mean '{near}'"):
        describe_field(name)
    found = call(name)
    assert found.exit_code == 2
    assert "Traceback" not in found.output
