"""Who acts in a document, and what the verbs they govern say that they can do."""

from __future__ import annotations

from dataclasses import dataclass

from detente.reading._document import Sentence


@dataclass(frozen=True, slots=True)
class SuggestedOption:
    """Something that an actor may be able to do, after the verbs it governs.

    ``name`` is a name of the case format; ``verbs`` are the words of the document.
    """

    name: str
    verbs: tuple[str, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class SuggestedActor:
    """Someone the document speaks of as acting.

    Attributes
    ----------
    name : str
        A name of the case format, such as ``china``.
    title : str
        Name in full.
    kind : str
        ``state``, ``organisation``, ``movement``, ``person`` or ``other``.
    names : tuple of str
        The document's own words for it, most frequent first: ``Beijing``, ``China``, ``Xi``.
    sentences : tuple of Sentence
        Where it is named, once a sentence.
    options : tuple of SuggestedOption
        Most often named first.
    """

    name: str
    title: str
    kind: str
    names: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    options: tuple[SuggestedOption, ...]
