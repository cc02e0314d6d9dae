"""The text of a case file with some of its values changed, and all else as it was written.

A change is a merge patch (RFC 7396): a mapping goes into the mapping that stands there, None takes
an entry out, and any other value replaces what was there. Entries of a list that have an ``id``,
as claims do, can be named by it. ruamel.yaml composes the text into nodes, which keep comments and
scalars as they were written, and writes the nodes again. Cost: linear in the text.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

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
        By key of the file.

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
    yaml = _yaml()
    root = _merged(_written_out(yaml.compose(text), set()), changes, ())
    written = io.StringIO()
    yaml.serialize(root, written)
    return written.getvalue()


def _yaml() -> YamlNode:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _merged(node: YamlNode, value: object, path: tuple[str, ...]) -> YamlNode:
    if not isinstance(value, Mapping):
        return _written(value, path)
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
            new.value.append((_written(name, here), _merged(None, item, here)))
    new.value = [pair for pair in new.value if pair[1] is not None]
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
            new.value.append(_written({"id": name, **item}, here))
        elif item is not None:
            raise InputError(f"{'.'.join(here)} is {quote(str(item))}; give its keys and values")
    new.value = [item for item in new.value if item is not None]
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
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
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
