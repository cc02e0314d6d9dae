"""The glossary is complete: every key of the format and every public class has its entry.

Would catch: a key or class that came without an entry, a term explained twice, and a class that a
front door's functions return without offering it.
"""

from __future__ import annotations

import ast
import re
from collections import Counter

from detente.case import json_schema
from structure.source_tree import ROOT, modules, packages, tree_of

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = set(re.findall(r"`([^`]+)`", GLOSSARY))


def keys_of_the_format() -> set[str]:
    schema = json_schema()
    parts = [schema, *schema["definitions"].values()]
    return {key for part in parts for key in part.get("properties", {})}


def defined_in(tree: ast.Module) -> set[str]:
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    values = (node.targets[0] for node in tree.body if isinstance(node, ast.Assign))
    return classes | {ast.unparse(value) for value in values}


def public_classes() -> set[str]:
    named = {
        node.name for path in modules() for node in tree_of(path).body
        if isinstance(node, ast.ClassDef)
    }  # fmt: skip
    offered = {
        name
        for door, names in packages().items()
        if "._" not in door and door not in {"detente.report", "detente.cli"}
        for name in names
    }
    return named & offered


def test_every_key_of_the_format_has_an_entry() -> None:
    assert sorted(keys_of_the_format() - ENTRIES) == []


def test_every_public_class_has_an_entry() -> None:
    assert sorted(public_classes() - ENTRIES) == []


def test_no_term_has_two_entries() -> None:
    terms = Counter(re.findall(r"^\| ([^|]+?) \|", GLOSSARY, re.MULTILINE))
    assert [
        term for term, count in terms.items() if count > 1 and term not in {"term", "---"}
    ] == []


def test_code_of_entries_exists() -> None:
    """Every class or type that an entry names is there."""
    named = {name for path in modules() for name in defined_in(tree_of(path))}
    classes = {entry for entry in ENTRIES if re.fullmatch(r"[A-Z][a-z]\w+", entry)}
    assert sorted(classes - named) == []
