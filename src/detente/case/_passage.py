"""The sentence that a claim points at, out of a reader's own copy of the source.

The text is read as `detente.case._anchors` reads it, and the sentence is looked up by its hash, so
it is found where paragraphs were counted otherwise too. Nothing of the text goes anywhere else.
Cost: linear in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detente.case._anchors import read_sentences, sentence_hash
from detente.case._model import Anchor


@dataclass(frozen=True, slots=True)
class AnchoredPassage:
    """A sentence of a text with its neighbours in the paragraph.

    Attributes
    ----------
    before, sentence, after : str
        The neighbours are empty at either end of the paragraph.
    paragraph, number : int
        Where the sentence stands in this text, which may not be where the anchor says.
    """

    before: str
    sentence: str
    after: str
    paragraph: int
    number: int


def find_passage(text: Path | str, anchor: Anchor) -> AnchoredPassage | None:
    """Return the sentence that an anchor points at, or None where the text does not have it.

    Parameters
    ----------
    text : Path or str
        A file of plain text or Markdown.
    anchor : Anchor

    Raises
    ------
    InputError
        When the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = Path(folder, "dam.txt")
    ...     _ = text.write_text("The dam was built. It held. Nobody knew why.")
    ...     found = find_passage(text, Anchor("dam", 1, 2, sentence_hash("It held.")))
    >>> found.before, found.sentence, found.number
    ('The dam was built.', 'It held.', 2)
    """
    rows = read_sentences(Path(text), "check the file of the source")
    for paragraph, row in enumerate(rows, start=1):
        for k, sentence in enumerate(row):
            if sentence_hash(sentence) == anchor.hash:
                around = ("", *row, "")
                return AnchoredPassage(around[k], sentence, around[k + 2], paragraph, k + 1)
    return None
