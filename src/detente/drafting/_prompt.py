"""The prompt that asks an assistant for a draft: format, rules, a worked case, the document.

The text stands in ``prompt.md``; the format is read out of the schema (`detente.case`), without
what a draft has no part in, and the worked case is one that the checks let pass. Whatever comes
from the document, its title too, stands between two marks that no document holds, as they are made
from its hash; each of its sentences takes one line, which begins with its number. The same document
gives the same prompt, so its hash can be found again. Cost: linear in the document.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from detente.case import (
    FormatField,
    format_fields,
    format_topics,
    phrases,
    require_source_id,
)
from detente.drafting._limits import MOST_CLAIMS, MOST_STATES, OFFERED, REFUSED
from detente.reading import Document, document_of
from detente.text import printable

_TOPICS = ("units", "names", "formulas", "queries", "measures", "expect")


@dataclass(frozen=True, slots=True)
class DraftPrompt:
    """A prompt, with the id that the document has in the case.

    Attributes
    ----------
    text : str
    source : str
    """

    text: str
    source: str

    @property
    def hash(self) -> str:
        """The SHA-256 of the text, in 64 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def __str__(self) -> str:
        """Return the text."""
        return self.text


def draft_prompt(document: Document, source: str | None = None) -> DraftPrompt:
    """Return the prompt that asks for a draft of the case that a document argues.

    Parameters
    ----------
    document : Document
    source : str, optional
        Id of the document in the case; made from its name by default.

    Examples
    --------
    >>> prompt = draft_prompt(worked_document())
    >>> prompt.source, "The river is the pride of both." in prompt.text
    ('worked', True)
    """
    source = require_source_id(source_id(document) if source is None else source)
    mark = hashlib.sha256(document.text.encode("utf-8", "replace")).hexdigest()[:16]
    worked = worked_document()
    parts = {
        "fence": f"===== document {mark}",
        "source": source,
        "states": f"{MOST_STATES:,}",
        "claims": str(MOST_CLAIMS),
        "fields": "\n".join(map(_line, _offered())),
        "topics": "\n\n".join(
            f"### {topic.title}\n\n{topic.text}"
            for topic in format_topics()
            if topic.name in _TOPICS
        ),
        "words": "\n".join(
            f"- `scale: {scale}`: {', '.join(phrases(scale))}" for scale in _scales()
        ),
        "worked-sentences": "\n".join(_listed(worked)),
        "worked-case": worked_case().strip(),
        "sentences": "\n".join([*_known(document), *_listed(document)]),
    }
    text = _text("prompt.md")
    text = re.sub(r"<([a-z-]+)>", lambda found: parts.get(found[1], found[0]), text)
    return DraftPrompt(printable(text), source)


def source_id(document: Document) -> str:
    """Return the id that a document has in a case: its name in small letters and hyphens."""
    return (
        re.sub(r"[^a-z0-9]+", "-", PurePath(document.name).stem.casefold())
        .strip("-")[:60]
        .rstrip("-")
        or "document"
    )


@cache
def worked_document() -> Document:
    """Return the small document of the worked case."""
    return document_of(_text("worked.md"), "worked.md", kind="markdown")


def worked_case() -> str:
    """Return the case that is drafted from it."""
    hashes = {sentence.place: sentence.hash for sentence in worked_document().sentences()}
    return re.sub(r"<(\d+\.\d+)>", lambda found: hashes[found[1]], _text("worked.yaml"))


@cache
def _text(name: str) -> str:
    return files("detente.drafting").joinpath(name).read_text(encoding="utf-8")


def _offered() -> list[FormatField]:
    return [
        field
        for field in format_fields()
        if field.path.partition(".")[0] in OFFERED
        and not any(f"{field.path}.".startswith(f"{path}.") for path in REFUSED)
    ]


def _line(field: FormatField) -> str:
    rest = field.default if field.default in {"required", "none"} else f"default {field.default}"
    return f"- `{field.path}`: {field.meaning} ({field.kind}; {rest})"


def _scales() -> list[str]:
    kind = next(field.kind for field in format_fields() if field.path == "claims.scale")
    return re.findall(r"\w+(?=,| or|$)", kind)


def _known(document: Document) -> list[str]:
    """Return what a document says of itself, a line each."""
    names = ("title", "author", "date", "publisher")
    return [
        f"{name}: {' '.join(str(value).split())}"
        for name in names
        if (value := getattr(document, name))
    ]


def _listed(document: Document) -> list[str]:
    """Return the sentences, a line each, and the headings where they stand."""
    lines = []
    for one in document.sentences():
        if one.number == 1:
            heads = [text for paragraph, text in document.headings if paragraph == one.paragraph]
            lines += [f"heading: {' '.join(head.split())}" for head in heads]
        lines.append(f"{one.place} [{one.hash}] {' '.join(one.text.split())}")
    return lines
