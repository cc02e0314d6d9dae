"""From nodes to the models of the schema, keeping what is right of a file that is partly wrong.

pydantic stops at the first level that does not fit. Here each broken value is reported, cut out of
the tree, and the rest validated again, so that what the sound parts mean together can still be
checked. Problems that only follow from a cut are not reported. Cost: one validation for each level
of nesting at which something was cut, so at most a few.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from detente.case._checks.findings import Path, Problems, trail
from detente.case._fields import COMPLAINT, in_words
from detente.case._schema import CaseFile
from detente.case._yaml_reading import Node
from detente.text import quote, suggestion

_ROUNDS = 40


def read_structure(findings: Problems) -> CaseFile | None:
    """Validate the tree of a file; None when not even its outline can be made sense of."""
    root = findings.root
    if root.kind != "map":
        findings.add(
            (), f"a case is a mapping, not {in_words(root.data())}", "start it with `detente: 1`"
        )
        return None
    before = set(_names(root))
    before |= {name.lower() for name in before}
    file = None
    for attempt in range(_ROUNDS):
        try:
            file = CaseFile.model_validate(root.data())
            break
        except ValidationError as error:
            details = error.errors(include_url=False)
        if attempt == 0:
            _tell(findings, details)
        if not _cut(root, details):
            break
    findings.ghosts |= before - set(_names(root))
    return file


def _tell(findings: Problems, details: list[ErrorDetails]) -> None:
    for detail in details:
        path = tuple(part for part in detail["loc"] if part != "[key]")
        message, remedy = _in_words(detail, path)
        kind = detail["type"]
        on_key = kind in {"extra_forbidden", "missing"} or "[key]" in detail["loc"]
        findings.add(path[:-1] if kind == "missing" else path, message, remedy, key=on_key)
        if kind == "extra_forbidden" and len(path) == 1:
            findings.ghosts |= findings.find(path)[1].pairs.keys()


def _in_words(detail: ErrorDetails, path: Path) -> tuple[str, str]:
    named = [part for part in path if not str(part).startswith("<")]
    label = str(named[-1]) if named else "the case"
    if named and isinstance(named[-1], int):
        owner = next((part for part in reversed(named) if isinstance(part, str)), "the list")
        label = f"item {named[-1] + 1} of {owner}"
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            whole = str(named[-2]) if len(named) > 1 and isinstance(named[-2], str) else "this"
            whole = "the case" if len(named) == 1 else whole
            value = "1" if path == ("detente",) else "…"
            return f"{whole} lacks {label}", f"add `{label}: {value}`"
        case "extra_forbidden":
            if len(path) > 2 and isinstance(path[-2], str) and label in _keys(path[:-2]):
                return f"unknown key {quote(label)}", f"write it beside {path[-2]}, not inside"
            return f"unknown key {quote(label)}", suggestion(label, _keys(path[:-1]), "key")
        case "literal_error":
            wrong = in_words(detail["input"])
            return f"{label} cannot be {wrong}", f"write {context['expected']}"
        case "too_short":
            count = f"{context['actual_length']} of at least {context['min_length']} entries"
            return f"{label} has {count}", "add what is missing"
        case "too_long":
            count = f"{context['actual_length']} entries, more than {context['max_length']}"
            return f"{label} has {count}", _shorter(detail["input"], context["max_length"])
        case "list_type":
            return f"{label} must be a list, not {in_words(detail['input'])}", "write [a, b]"
        case "dict_type" | "model_type":
            return (
                f"{label} must be a mapping, not {in_words(detail['input'])}",
                "write keys and values, or take it out",
            )
        case kind if kind == COMPLAINT:
            message = str(context["message"])
            return f"{label} {message}" if message[:4] == "must" else message, context["remedy"]
    return f"{label}: {detail['msg']}", "compare it with `detente schema`"


def _shorter(entries: list[Any], most: int) -> str:
    """Say how to shorten a list: [0,6,2,0] is most likely meant as [0.6, 2.0]."""
    if len(entries) == 2 * most and all(isinstance(entry, int) for entry in entries):
        written = [str(getattr(entry, "written", entry)) for entry in entries]
        pairs = zip(written[::2], written[1::2], strict=True)
        meant = ", ".join(f"{whole}.{part}" for whole, part in pairs)
        return f"write [{meant}] where the commas are decimal commas, else take some out"
    return "take some out"


def _cut(root: Node, details: list[ErrorDetails]) -> bool:
    doomed: list[tuple[Node, str | int, Node]] = []
    mended = False
    for detail in details:
        path = detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
        steps = list(trail(root, path))
        if steps:
            doomed.append(steps[-1])
        elif detail["type"] == "missing":
            mended |= _stand_in(root, str(detail["loc"][-1]))
    for parent, part, child in doomed:
        parent.maimed = True
        if isinstance(part, str):
            parent.pairs.pop(part, None)
        else:
            parent.items = [item for item in parent.items if item is not child]
    return bool(doomed) or mended


def _stand_in(root: Node, key: str) -> bool:
    """Put something neutral where a key of the outline is missing, to go on with the rest."""
    if key == "actors":
        return False
    node = Node("map" if key == "status_quo" else "scalar", root.line, root.column)
    node.maimed = True
    node.text = "1" if key == "detente" else "-"
    root.pairs[key] = node, node
    return True


def _keys(path: Path) -> list[str]:
    """Return the keys that the schema allows at a path."""
    kinds = list(_members(CaseFile))
    for part in path:
        if str(part).startswith("<"):
            continue
        below: list[Any] = []
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                fields = {field.alias or name: field for name, field in kind.model_fields.items()}
                below += _members(fields[str(part)].annotation) if str(part) in fields else []
            elif get_origin(kind) in {dict, list}:
                below += _members(get_args(kind)[-1])
        kinds = below
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [field.alias or name for kind in models for name, field in kind.model_fields.items()]


def _members(kind: Any) -> Iterator[Any]:
    """Take a type apart into the plain types it may be."""
    if get_origin(kind) is Annotated:
        yield from _members(get_args(kind)[0])
    elif get_origin(kind) in {Union, types.UnionType}:
        for member in get_args(kind):
            yield from _members(member)
    else:
        yield kind


def _names(root: Node) -> Iterator[str]:
    """Yield every name that the file defines, broken or not."""
    for section in ("parameters", "sources", "conditions", "issues", "actors"):
        yield from (name for name, _ in _pairs(root, section))
    for actor, (_, node) in _pairs(root, "actors"):
        for option, (_, form) in _pairs(node, "options"):
            yield f"{actor}.{option}"
            yield from _levels(form)
    for _, (_, node) in _pairs(root, "conditions"):
        yield from _levels(node)
    yield from _bargained(root)
    if "claims" in root.pairs:
        for claim in root.pairs["claims"][1].items:
            if "id" in claim.pairs:
                yield claim.pairs["id"][1].text


def _bargained(root: Node) -> Iterator[str]:
    """Yield the issues and parties of the table of bargaining."""
    if "bargaining" not in root.pairs:
        return
    body = root.pairs["bargaining"][1]
    for issue, (_, node) in _pairs(body, "issues"):
        yield issue
        yield from (party for party, _ in _pairs(node, "parties"))
    for row in body.pairs["table"][1].items if "table" in body.pairs else ():
        yield from (row.pairs[key][1].text for key in ("issue", "actor") if key in row.pairs)


def _pairs(node: Node, key: str) -> list[tuple[str, tuple[Node, Node]]]:
    return list(node.pairs[key][1].pairs.items()) if key in node.pairs else []


def _levels(node: Node) -> Iterator[str]:
    form = node.pairs["levels"][1] if "levels" in node.pairs else node
    yield from (item.text for item in form.items)
