r"""Characters that no reader sees and that can change what a reader sees.

Control characters steer a terminal, bidirectional marks turn printed words and numbers around
(Unicode Standard Annex 9; Boucher and Anderson, "Trojan Source", 2021), characters without width
make two names look alike, and surrogates and noncharacters are no text at all: a file with one
cannot be written. What comes in is refused where it holds one, what goes out shows it by its code
point. New lines and tabs are text; so are the joiners U+200C and U+200D, without which Persian
cannot be spelt. Cost: linear in the text.
"""

from __future__ import annotations

import re

_KINDS = (
    ("\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029", "a control character"),
    (
        "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u206f",
        "a mark that turns the order of text around",
    ),
    (
        "\\xad\\u180e\\u200b\\u2060-\\u2065\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f",
        "a character that cannot be seen",
    ),
    ("\\ud800-\\udfff", "half a character (a surrogate)"),
    (
        "\\ufdd0-\\ufdef" + "".join(f"\\U{p:04x}fffe\\U{p:04x}ffff" for p in range(17)),
        "no character",
    ),
)
_WORDS = tuple((re.compile(f"[{members}]"), words) for members, words in _KINDS)
_HIDDEN = re.compile(f"[{''.join(members for members, _ in _KINDS)}]")
_LONG = re.compile(r"\S{161,}")
_FIRST, _LAST = 100, 40


def hidden_character(text: str) -> tuple[int, str] | None:
    r"""Return where the first hidden character stands and what it is; None where there is none.

    Examples
    --------
    >>> hidden_character("likely\u202e")
    (6, 'U+202E is a mark that turns the order of text around')
    >>> hidden_character("two lines\nand a\ttab") is None
    True
    """
    found = _HIDDEN.search(text)
    if found is None:
        return None
    words = next(words for members, words in _WORDS if members.match(found[0]))
    return found.start(), f"U+{ord(found[0]):04X} is {words}"


def without_hidden(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Return a text without its hidden characters, and the code points of those, as they stood.

    Examples
    --------
    >>> without_hidden("lik\u200bely\u202e")
    ('likely', ('U+200B', 'U+202E'))
    """
    return _HIDDEN.sub("", text), tuple(f"U+{ord(one):04X}" for one in _HIDDEN.findall(text))


def printable(text: str) -> str:
    r"""Return a text with every hidden character shown by its code point, as in JSON.

    Examples
    --------
    >>> print(printable("a\x1b[2Jb\u202e"))
    a\u001b[2Jb\u202e
    """
    return _HIDDEN.sub(_escape, text)


def fit_to_print(text: str) -> str:
    r"""Return a message that may quote anything: printable, and without endless words.

    Examples
    --------
    >>> print(fit_to_print("there is no file " + 4000 * "a"))
    there is no file aaaaaaaaaa...
    >>> len(fit_to_print(4000 * "a"))
    141
    """
    return _LONG.sub(lambda word: f"{word[0][:_FIRST]}…{word[0][-_LAST:]}", printable(text))


def _escape(found: re.Match[str]) -> str:
    return "".join(
        f"\\u{unit:04x}"
        for unit in memoryview(found[0].encode("utf-16-le", "surrogatepass")).cast("H")
    )
