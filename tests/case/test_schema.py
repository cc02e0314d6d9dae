"""The JSON Schema is draft 7, is the committed one, and knows good cases from bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from detente.case import json_schema
from detente.case._yaml_reading import Data, parse

FOLDER = Path(__file__).parent
COMMITTED = FOLDER.parents[1] / "src" / "detente" / "case" / "schema.json"


def data(file: str) -> Data:
    node = parse((FOLDER / file).read_text(encoding="utf-8"), print)
    assert node is not None
    return node.data()


def parts(value: Any) -> list[dict[str, Any]]:
    """Return every mapping in the schema, however deep."""
    if isinstance(value, list):
        return [part for item in value for part in parts(item)]
    if isinstance(value, dict):
        return [value, *(part for item in value.values() for part in parts(item))]
    return []


def test_committed_schema_is_the_one_of_the_code() -> None:
    made = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == made


def test_schema_is_draft_7() -> None:
    schema = json_schema()
    Draft7Validator.check_schema(schema)
    text = json.dumps(schema)
    assert "$defs" not in text
    assert "prefixItems" not in text
    assert all(set(part) == {"$ref"} for part in parts(schema) if "$ref" in part)


def test_every_key_has_a_description_for_editors() -> None:
    for part in parts(json_schema()):
        if part.get("type") == "object" and "properties" in part:
            assert part["description"]
            assert all(key["description"] for key in part["properties"].values())


@pytest.mark.parametrize("file", ["small.yaml", "river.yaml", "variants.yaml"])
def test_good_case_fits(file: str) -> None:
    assert list(Draft7Validator(json_schema()).iter_errors(data(file))) == []


@pytest.mark.parametrize(
    "file",
    ["unknown_key", "no_title", "one_level", "bad_moves", "capital_name", "bad_jump", "bound_bad"],
)
def test_bad_case_does_not(file: str) -> None:
    assert not Draft7Validator(json_schema()).is_valid(data(f"broken/{file}.yaml"))
