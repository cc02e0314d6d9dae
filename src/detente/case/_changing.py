"""The text of a case file with some of its values changed, and all else as it was written.

A change is a merge patch (RFC 7396): a mapping goes into the mapping that stands there, None takes
an entry out, and any other value replaces what was there. Entries of a list that have an ``id``,
as claims do, can be named by it. ruamel.yaml composes the text into nodes, which keep comments and
scalars as they were written, and writes the nodes again; what that changes in the layout of
untouched lines is put back. Cost: linear in the text, about a second for a hundred kilobytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from ruamel.yaml.anchor import Anchor
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from detente.case._yaml_reading import parse
from detente.errors import InputError
from detente.text import quote

YamlNode = Any
"""ruamel.yaml declares no types for its nodes."""

_WIDTH = 1_000_000
"""Lines are never folded: the writer would break one after a key such as ``calm -> angry``."""


def changed_text(text: str, changes: Mapping[str, object]) -> str:
    r"""Return the text of a file with changes merged into it.

    Parameters
    ----------
    text : str
        A sound case file.
    changes : mapping
        By key of the file. Where a list stands, whole numbers name its entries, from 0; one past
        the last adds an entry.

    Raises
    ------
    InputError
        For a value that a case file cannot hold.

    Examples
    --------
    >>> text = "title: A dam  # for now\nparameters:\n  thirst: {value: 1.0, range: [0.5, 2]}\n"
    >>> print(changed_text(text, {"parameters": {"thirst": {"value": 1.5}}}), end="")
    title: A dam  # for now
    parameters:
      thirst: {value: 1.5, range: [0.5, 2]}
    """
    plain = _serialized(_merged(_written_out(_yaml().compose(text), set()), changes, ()))
    new = _serialized(_merged(_composed(text), changes, ())) if "&" in text else plain
    found = _laid_out_as(text, _serialized(_composed(text)), new)
    return found if _says(found) == _says(plain) else plain


def _composed(text: str) -> YamlNode:
    """Return the nodes of a text, with anchors that the writer calls by their names."""
    left = [root := _yaml().compose(text)]
    while left:
        node = left.pop()
        if isinstance(node.anchor, str):
            named: YamlNode = Anchor()
            named.value = node.anchor
            node.anchor = named
        if isinstance(node, MappingNode | SequenceNode):
            pairs = isinstance(node, MappingNode)
            left += [value for _, value in node.value] if pairs else node.value
    return root


def _serialized(root: YamlNode) -> str:
    written = io.StringIO()
    _yaml().serialize(root, written)
    return written.getvalue()


def _laid_out_as(text: str, same: str, new: str) -> str:
    """Return the new text with untouched lines as they stood.

    Parameters
    ----------
    text : str
        As it stood.
    same, new : str
        As the writer gives it: unchanged, and changed. The writer joins lines and indents anew, so
        places are found by counting characters that are no blanks.
    """
    if "".join(text.split()) != "".join(same.split()):
        return new
    old, before, after = text.splitlines(True), same.splitlines(True), new.splitlines(True)
    starts, seen = dict[int, int](), 0
    for number, line in enumerate(old):
        if line.strip():
            starts[seen] = number
        seen += len("".join(line.split()))
    starts[seen] = len(old)
    counts = [0]
    for line in before:
        counts.append(counts[-1] + len("".join(line.split())))
    pieces, place = list[str](), 0
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind == "equal":
            continue
        if counts[i1] not in starts or counts[i2] not in starts:
            return new
        start, end = starts[counts[i1]], starts[counts[i2]]
        if kind == "insert":
            inset = len(after[j1]) - len(after[j1].lstrip())
            while start > place and _ends_before(old[start - 1], inset):
                start -= 1
            end = start
        else:
            while end > start + 1 and not old[end - 1].strip():
                end -= 1
        pieces += [*old[place:start], *after[j1:j2]]
        place = end
    return "".join([*pieces, *old[place:]])


def _ends_before(line: str, inset: int) -> bool:
    """Whether a line is a blank, or a remark on what comes after a block."""
    return not line.strip() or (line[: len(line) - len(line.lstrip())] + "#" in line[:inset])


def _says(text: str) -> object:
    root = parse(text, lambda *_: None)
    return None if root is None else root.data()


def _yaml() -> YamlNode:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _merged(node: YamlNode, value: object, path: tuple[str, ...]) -> YamlNode:
    if not isinstance(value, Mapping):
        return _written(value, path)
    if isinstance(node, SequenceNode) and value and all(isinstance(k, int) for k in value):
        return _with_entries(node, value, path)
    if isinstance(node, SequenceNode) and (places := _places(node)):
        return _with_items(node, value, places, path)
    if not isinstance(node, MappingNode):
        return _written({name: item for name, item in value.items() if item is not None}, path)
    new = MappingNode(node.tag, list(node.value), flow_style=node.flow_style, comment=node.comment)
    places = {key.value: k for k, (key, _) in enumerate(new.value)}
    for name, item in value.items():
        place = places.get(str(name))
        here = (*path, str(name))
        if place is not None:
            key, old = new.value[place]
            new.value[place] = (key, None if item is None else _merged(old, item, here))
        elif item is not None:
            added = _like_the_last(_merged(None, item, here), [pair[1] for pair in new.value])
            new.value.append((_written(name, here), added))
    new.value = [pair for pair in new.value if pair[1] is not None]
    return new


def _with_entries(node: YamlNode, changes: Mapping[Any, object], path: tuple[str, ...]) -> YamlNode:
    new = SequenceNode(node.tag, list(node.value), flow_style=node.flow_style, comment=node.comment)
    for place, item in changes.items():
        here = (*path, str(place))
        if not 0 <= place <= len(new.value):
            raise InputError(f"{'.'.join(path)} has {len(new.value)} entries, and none {place}")
        if place == len(new.value):
            new.value.append(_like_the_last(_written(item, here), new.value))
        else:
            new.value[place] = None if item is None else _merged(new.value[place], item, here)
    new.value = [item for item in new.value if item is not None]
    return new


def _with_items(
    node: YamlNode, changes: Mapping[Any, object], places: Mapping[str, int], path: tuple[str, ...]
) -> YamlNode:
    new = SequenceNode(node.tag, list(node.value), flow_style=node.flow_style, comment=node.comment)
    for name, item in changes.items():
        here, place = (*path, str(name)), places.get(str(name))
        if place is not None:
            new.value[place] = None if item is None else _merged(node.value[place], item, here)
        elif isinstance(item, Mapping):
            new.value.append(_like_the_last(_written({"id": name, **item}, here), new.value))
        elif item is not None:
            raise InputError(f"{'.'.join(here)} is {quote(str(item))}; give its keys and values")
    new.value = [item for item in new.value if item is not None]
    return new


def _like_the_last(new: YamlNode, others: list[YamlNode]) -> YamlNode:
    """Write a mapping in one line where the one before it in a list of them is so written."""
    last = next((node for node in reversed(others) if node is not None), None)
    if isinstance(new, MappingNode) and isinstance(last, MappingNode) and last.flow_style:
        new.flow_style = True
    return new


def _places(node: YamlNode) -> dict[str, int]:
    """Return where in a list the entry with each id stands; empty when one has none."""
    found = {}
    for place, item in enumerate(node.value):
        pairs = item.value if isinstance(item, MappingNode) else []
        ids = [value.value for key, value in pairs if key.value == "id"]
        if not ids:
            return {}
        found[ids[0]] = place
    return found


def _written(value: object, path: tuple[str, ...]) -> YamlNode:
    yaml, text = _yaml(), io.StringIO()
    yaml.dump(_plain(value, path), text)
    return _short_lists_in_line(yaml.compose(text.getvalue()))


def _short_lists_in_line(node: YamlNode) -> YamlNode:
    """Write lists of scalars as ``[a, b]``."""
    items = [value for _, value in node.value] if isinstance(node, MappingNode) else node.value
    if isinstance(node, SequenceNode):
        node.flow_style = all(isinstance(item, ScalarNode) for item in items)
    for item in [] if isinstance(node, ScalarNode) else items:
        _short_lists_in_line(item)
    return node


def _plain(value: object, path: tuple[str, ...]) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(item, (*path, str(name))) for name, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(item, path) for item in value]
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or isinstance(value, bool | int | float | str | dt.date):
        return value
    raise InputError(
        f"{'.'.join(path)} is {quote(repr(value))}, which a case file cannot hold; give text, "
        "numbers, true or false, lists and mappings"
    )


def _written_out(node: YamlNode, seen: set[int]) -> YamlNode:
    """Put copies in the place of aliases, so that a change reaches one place only."""
    if id(node) in seen:
        node = deepcopy(node)
        node.anchor = None
    seen.add(id(node))
    if isinstance(node, MappingNode):
        node.value = [(key, _written_out(value, seen)) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        node.value = [_written_out(item, seen) for item in node.value]
    return node
