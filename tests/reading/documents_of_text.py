"""What is read in a text, for tests of actors and their options."""

from __future__ import annotations

from detente.reading import SuggestedActor, document_of, suggest_actors


def actors(text: str) -> dict[str, SuggestedActor]:
    """Return the actors of a text by name, in their order."""
    return {actor.name: actor for actor in suggest_actors(document_of(text))}


def options(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return the words for each option of an actor of a text."""
    return {option.name: option.verbs for option in actors(text)[name].options}
