"""Texts that nobody would write, cut, swapped and full of marks: a sound draft or a clear error.

Would catch: a sentence whose marks, actors or comments make the draft unsound, an anchor that is
off by one, a second reading that changes what nobody changed. ``DETENTE_FUZZ`` sets the number of
texts (a twentieth of it, 12 without it).
"""

from __future__ import annotations

import os
import random

from detente.case import check_anchors, load
from detente.errors import InputError
from detente.reading import Document, document_of, draft_case, reread_case

ROUNDS = max(12, int(os.environ.get("DETENTE_FUZZ", "0")) // 20)
TEXT = """China will probably build a large dam within ten years, unless India protests. It has the
money for it. "Nobody asked us," said Mr. Rao of the U.S. embassy in New Delhi.

If Beijing does not negotiate by 2030, New Delhi is highly unlikely to accept the treaty; the army
might move. The dam caused floods in 1998. We do not believe that war is likely, and the United
Nations should mediate.

Pakistan, Russia and the Afghan Taliban will almost certainly not support either side. Kabul could
threaten to close the border because it lacks water. Prospects for peace remain low this year.
"""
MARKS = "\u202e\x00\x85\u2028\ufeff'\"\\#:-{}[]<>&%@`!|*\t .?()\u201c\u2019\u20140123\u05d0\u4e2d"
WORDS = (" not", " will", " if ", " probably ", "\n\n", ". ", "unless ", " hardly ", " the US ")


def mutated(chance: random.Random) -> str:
    letters = list(TEXT[chance.randrange(len(TEXT) // 2) :])
    for _ in range(chance.randrange(60)):
        place = chance.randrange(len(letters))
        match chance.randrange(4):
            case 0:
                letters[place] = chance.choice(MARKS)
            case 1:
                letters[place] = chance.choice((letters[place].upper(), ""))
            case 2:
                letters.insert(place, chance.choice(WORDS))
            case 3:
                start = chance.randrange(len(letters))
                letters[place:place] = letters[start : start + chance.randrange(80)]
    return "".join(letters)


def document_or_none(text: str) -> Document | None:
    try:
        return document_of(text, "memo.txt")
    except InputError:
        return None


def test_mutated_texts_are_sound_drafts_or_no_documents(tmp_path):
    path, drafts = tmp_path / "case.yaml", 0
    for seed in range(ROUNDS):
        document = document_or_none(mutated(random.Random(seed)))
        if document is None:
            continue
        drafts += 1
        draft = draft_case(document, "memo")
        path.write_text(draft.text, encoding="utf-8")
        (tmp_path / "memo.txt").write_text(document.text, encoding="utf-8")
        assert check_anchors(load(path), tmp_path) == (), seed
        assert reread_case(path, document, "memo").text == draft.text, seed
    assert drafts > ROUNDS / 2
