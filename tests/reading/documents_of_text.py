"""A document from a text, for tests of what is read in it."""

from __future__ import annotations

from detente.case import paragraphs, sentence_hash, sentences
from detente.reading import Document, Sentence, SuggestedActor, suggest_actors


def document(text: str) -> Document:
    rows = tuple(
        tuple(Sentence(p, n, one, sentence_hash(one)) for n, one in enumerate(sentences(row), 1))
        for p, row in enumerate(paragraphs(text), 1)
    )
    return Document("text", "text", None, None, None, None, None, (), (), rows)


def actors(text: str) -> dict[str, SuggestedActor]:
    """Return the actors of a text by name, in their order."""
    return {actor.name: actor for actor in suggest_actors(document(text))}


def options(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return the words for each option of an actor of a text."""
    return {option.name: option.verbs for option in actors(text)[name].options}
