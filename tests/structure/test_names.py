"""One dictionary: a public class name stands for one thing, and no word is the house's own.

Would catch: two classes of one name, a name made of words that only its makers understand.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from structure.source_tree import modules, name_of, tree_of

HOUSE_WORDS = {"kept", "told", "hinges", "shown", "whole", "breach", "lift", "courses"}


def public_names(tree: ast.Module) -> Iterator[str]:
    """Yield the public names of a module: its functions, classes and values, and their members."""
    pending: list[ast.AST] = [tree]
    while pending:
        for node in getattr(pending.pop(), "body", ()):
            names = []
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names = [node.target.id]
            yield from (name for name in names if not name.startswith("_"))
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                pending.append(node)


def words_of(name: str) -> set[str]:
    """Return the words of a dotted name in any case: `FilterStep.kept_flow` has four."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def test_no_public_class_name_stands_twice() -> None:
    homes = defaultdict(list)
    for path in modules():
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name_of(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_names_are_of_the_field() -> None:
    found = [name_of(path) for path in modules() if words_of(name_of(path)) & HOUSE_WORDS]
    for path in modules():
        names = public_names(tree_of(path))
        found += [f"{name_of(path)}: {n}" for n in names if words_of(n) & HOUSE_WORDS]
    assert found == []


def test_a_word_of_the_house_is_seen() -> None:
    text = (
        "class Study:\n    kept: int\n    def told(self): ...\ndef shown_states(): ...\n_lift = 1"
    )
    names = [n for n in public_names(ast.parse(text)) if words_of(n) & HOUSE_WORDS]
    assert names == ["shown_states", "kept", "told"]
    assert words_of("detente.study._whole") & HOUSE_WORDS == {"whole"}
