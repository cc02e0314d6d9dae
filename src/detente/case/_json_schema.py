"""The JSON Schema (draft 7) of a case file, for editors, from the models that the reader uses."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from detente.case._schema import CaseFile


class _Draft7(GenerateJsonSchema):
    """Draft 7: no titles made up from field names, no defaults (they are stated in words)."""

    schema_dialect = "http://json-schema.org/draft-07/schema#"

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 7) of a case file, for editors.

    Returns
    -------
    dict

    Examples
    --------
    >>> schema = json_schema()
    >>> schema["$schema"], schema["required"]
    ('http://json-schema.org/draft-07/schema#', ['detente', 'title', 'actors', 'status_quo'])
    """
    made = CaseFile.model_json_schema(
        by_alias=True, ref_template="#/definitions/{model}", schema_generator=_Draft7
    )
    made["definitions"] = made.pop("$defs")
    made["title"] = "detente case, version 1"
    return {"$schema": _Draft7.schema_dialect, **_draft7(made)}


def _draft7(value: Any) -> Any:
    """Close mappings with patterned keys; wrap each ``$ref`` that has neighbours.

    Draft 7 ignores what stands beside a ``$ref``, and lets keys pass that fit no pattern.
    """
    if isinstance(value, list):
        return [_draft7(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _draft7(item) for key, item in value.items()}
    if "patternProperties" in changed:
        changed["additionalProperties"] = False
    if "$ref" in changed and len(changed) > 1:
        return {"allOf": [{"$ref": changed.pop("$ref")}], **changed}
    return changed
