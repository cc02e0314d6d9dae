"""Two readings of a document: where each sentence of the first stands in the second.

A sentence is known by its hash, so it is found wherever it went. Of several with one hash, the one
is taken that the longest runs of common sentences lead to (`difflib`). Where a sentence is gone,
the new sentence that shares most words with it is named. Cost: linear where editions are alike, at
worst the square of the number of sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from detente.case import Anchor
from detente.reading._document import Sentence

_ALIKE = 0.6


@dataclass(frozen=True)
class Editions:
    """The sentences of a document as read now, and as read before where that is known."""

    now: Sequence[Sentence]
    before: Sequence[Sentence] | None

    @cached_property
    def fresh(self) -> list[Sentence]:
        """The sentences that were not there before; all where nothing is known of before."""
        known = {sentence.hash for sentence in self.before or ()}
        return [sentence for sentence in self.now if sentence.hash not in known]

    def find(self, anchor: Anchor) -> Sentence | None:
        """Return where the sentence of an anchor stands now; None where it is gone."""
        same = self._by_hash.get(anchor.hash)
        if same is None:
            return None
        followed = self._moves.get((anchor.paragraph, anchor.sentence))
        if followed is not None and followed.hash == anchor.hash:
            return followed
        return min(
            same,
            key=lambda s: (abs(s.paragraph - anchor.paragraph), abs(s.number - anchor.sentence)),
        )

    def nearest(self, anchor: Anchor) -> Sentence | None:
        """Return the new sentence that is most like one that is gone."""
        gone = next((s.text for s in self.before or () if s.hash == anchor.hash), None)
        if gone is None:
            return None
        scores = [(_likeness(gone, sentence.text), sentence) for sentence in self.fresh]
        score, best = max(scores, key=lambda pair: pair[0], default=(0.0, None))
        return best if score >= _ALIKE else None

    @cached_property
    def _by_hash(self) -> dict[str, list[Sentence]]:
        found: dict[str, list[Sentence]] = {}
        for sentence in self.now:
            found.setdefault(sentence.hash, []).append(sentence)
        return found

    @cached_property
    def _moves(self) -> dict[tuple[int, int], Sentence]:
        """Where the sentences of before stand now, by their place before."""
        old, new = list(self.before or ()), list(self.now)
        matcher = SequenceMatcher(None, [s.hash for s in old], [s.hash for s in new], False)
        return {
            (old[block.a + k].paragraph, old[block.a + k].number): new[block.b + k]
            for block in matcher.get_matching_blocks()
            for k in range(block.size)
        }


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.split(), other.split(), False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
