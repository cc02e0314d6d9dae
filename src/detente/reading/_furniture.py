"""What stands on a page beside the text: page numbers, stamps, bylines, contact lines.

Each is known by how it looks, and the patterns are narrow: what is not known stays in the text.
Cost: linear in the line.
"""

from __future__ import annotations

import datetime
import re

from detente.text import MONTHS

FEWEST_WORDS = 12
"""A block with fewer words that does not end like a sentence is none, as anchors are counted."""

_CLOSING = "\"'”’»)]*_"
_LONGEST_SHORT_FORM = 12
_LONGEST_LINE = 300
_CUT_SHORT = re.compile(r"(?:^|[\s(])(?:[A-Z]\.){2,}$")
_PAGE_NUMBER = re.compile(
    r"^[\[(|{<~–—-]*\s*(?:(?:page|p\.|pg\.?)\s*)?(?:\d{1,4}|[ivxl]{1,7})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?\s*[\])|}>~–—-]*$",
    re.IGNORECASE,
)
_LEADER = re.compile(r"(?:\.\s?){5,}\s*\w{0,6}\s*$")
_DAY = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})"
_STAMP = re.compile(
    rf"^(?:Received|Filed|Entered|Recorded|Registered|Stamped|Lodged|Docketed)\b.{{0,80}}{_DAY}.{{0,30}}$"
    rf"|^Case\s+\d.{{0,60}}\bFiled\s+{_DAY}.{{0,40}}$"
    r"|^(?:Approved|Sanitized|Authorized|Cleared)\s+for\s+(?:public\s+)?release\b.{0,80}$"
    r"|^Declassified\b(?:(?!\. ).){0,100}$"
    r"|^(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|FOR OFFICIAL USE ONLY)"
    r"(?:\s*//\s*[A-Z ,/-]{2,60})?$"
    r"|^(?:This content )?downloaded from\b.{0,120}$"
    r"|^All use subject to\b.{0,80}$"
    r"|^VerDate\b.{0,120}$"
    r"|^\[\[Page [A-Z]?\d{1,6}\]\]$"
    r"|^\{time\}\s*\d{1,4}$"
    r"|^Authenticated U\.?S\.? Government Information.{0,20}$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[\w.+-]{1,60}@[\w-]{1,60}\.\w|\b(?:https?://|www\.)\S|[📞📍✉☎🕿]"
    r"|(?<![\w.])\+?\(?\d{1,4}\)?[ .-]\(?\d{2,4}\)?[ .-]\d{3,4}(?![\w.])"
    r"|\b\d{1,5} (?:[A-Z0-9][\w.]{0,20} ){1,4}"
    r"(?:Street|St\.|Avenue|Ave\.?|Road|Boulevard|Blvd\.?|Drive|Lane|Square)\b"
)
_LABEL = re.compile(
    r"^(title|authors?|by|written by|published|publication date|date|posted|posted on|updated|"
    r"last updated|publisher|source|url|category|categories|tags?|topics?|share|filed under|"
    r"photo|image|credit|photo credit|image credit)\b\s*:?\s*(.*)$",
    re.IGNORECASE,
)
_WITHOUT_COLON = frozenset({"by", "written by"})
_WITH_A_DATE = frozenset({"published", "posted", "posted on", "updated", "last updated"})
_MONTH = "(" + "|".join(f"{name[:3]}[a-z]*" for name in MONTHS) + r")\.?"
_DATES = (
    (
        re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE),
        "mdy",
    ),
    (
        re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(\d{{4}})\b", re.IGNORECASE),
        "dmy",
    ),
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"), "ymd"),
)
_DATELINE = re.compile(
    rf"^(?:[A-Z][\w’' .-]{{1,40}},\s+)?"
    rf"(?:{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH},?\s+\d{{4}})\.?$"
)
_NAME = re.compile(
    r"^(?:[A-Z][\w’'.-]*|[a-z]{1,3}|&|and)(?:,? (?:[A-Z][\w’'.-]*|[a-z]{1,3}|&|and)){0,11}$"
)


def ended(text: str) -> bool:
    """Return whether a text ends as a sentence does.

    Examples
    --------
    >>> ended("It held."), ended("He said 'no!'"), ended("likelihood of a U.S.")
    (True, True, True)
    """
    return text.rstrip(_CLOSING)[-1:] in set(".!?…")


def may_go_on(text: str) -> bool:
    """Return whether a small letter may go on with a text: it has no end, or a short form's stop.

    Examples
    --------
    >>> may_go_on("likelihood of a U.S."), may_go_on("It held.")
    (True, False)
    """
    return not ended(text) or bool(_CUT_SHORT.search(text[-_LONGEST_SHORT_FORM:]))


def is_page_number(text: str) -> bool:
    """Return whether a line that stands alone is a page number.

    Examples
    --------
    >>> [is_page_number(text) for text in ("[ 24 ]", "- 3 -", "Page 2 of 9", "xii", "24 states")]
    [True, True, True, True, False]
    """
    return bool(_PAGE_NUMBER.match(text.strip()))


def is_stamp(text: str) -> bool:
    """Return whether a line was stamped onto the page.

    Examples
    --------
    >>> is_stamp("Received by the Water Registry 05/02/2020 10:11:12 AM")
    True
    >>> is_stamp("Received wisdom has it that dams hold.")
    False
    """
    return bool(_STAMP.match(text.strip()))


def is_leader(text: str) -> bool:
    """Return whether a line of a table of contents leads to its page.

    Examples
    --------
    >>> is_leader("2.1 The dam . . . . . . . . 12"), is_leader("He said ... nothing.")
    (True, False)
    """
    return bool(_LEADER.search(text[-_LONGEST_LINE:]))


def is_contact(text: str) -> bool:
    """Return whether a short line without an end says how to reach somebody.

    Examples
    --------
    >>> is_contact("+1 555 0100 · 12 River Road"), is_contact("It held.")
    (True, False)
    """
    if len(text) > _LONGEST_LINE or len(text.split()) >= FEWEST_WORDS or ended(text):
        return False
    return bool(_ADDRESS.search(text))


def label(text: str) -> tuple[str, str] | None:
    """Return what a line such as a byline says of the document, as (word, value).

    Examples
    --------
    >>> label("Author: A. Nobody"), label("By A. Nobody"), label("Published May 1, 2020")
    (('author', 'A. Nobody'), ('by', 'A. Nobody'), ('published', 'May 1, 2020'))
    >>> label("By the river stood a dam")
    """
    text = text.strip()
    found = _LABEL.match(text) if len(text) <= _LONGEST_LINE else None
    if not found or len(text.split()) >= FEWEST_WORDS:
        return None
    word, value = found[1].lower(), found[2].strip()
    if not text[len(word) :].lstrip().startswith(":"):
        is_name = word in _WITHOUT_COLON and value[:1].isupper() and _NAME.match(value)
        if not is_name and not (word in _WITH_A_DATE and date_in(value)):
            return None
    return word, value


def is_dateline(text: str) -> bool:
    """Return whether a line holds a place and a day, or a day alone.

    Examples
    --------
    >>> is_dateline("Washington, August 24, 1961."), is_dateline("In May 1961 it held.")
    (True, False)
    """
    return bool(_DATELINE.match(text.strip()))


def date_in(text: str) -> datetime.date | None:
    """Return the first full date in a text that can be read in one way only.

    Examples
    --------
    >>> date_in("Published March 15, 2021"), date_in("03/04/2021")
    (datetime.date(2021, 3, 15), None)
    """
    for pattern, order in _DATES:
        found = pattern.search(text)
        if found:
            day, month, year = (found[order.index(part) + 1] for part in "dmy")
            if not month.isdigit():
                starts = [name[:3].lower() for name in MONTHS]
                month = str(starts.index(month[:3].lower()) + 1)
            try:
                return datetime.date(int(year), int(month), int(day))
            except ValueError:
                continue
    return None
