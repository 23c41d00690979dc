"""Names: rules for the spellings of tags, and the names that a text visibly holds."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from casefile.text import fold

#: Longest spelling in capitals, in letters, that is an acronym: "HAS" is the agency, "has" is not.
ACRONYM_LETTERS = 5

# First words of the character names of Unicode, and the ISO 15924 codes of their scripts.
_SCRIPTS = {
    "LATIN": "Latn",
    "THAI": "Thai",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "MYANMAR": "Mymr",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HANGUL": "Hang",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "GURMUKHI": "Guru",
    "GUJARATI": "Gujr",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
    "SINHALA": "Sinh",
    "TIBETAN": "Tibt",
    "MONGOLIAN": "Mong",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "ETHIOPIC": "Ethi",
    "BOPOMOFO": "Bopo",
}

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LINE = re.compile(".+")
_JOINTS = (" ", "\n")
# Capitalised words that are no part of a name: those that open sentences or stand between names, months and days.
_NO_NAME = re.compile(
    "(?:"
    "a|after|all|also|although|an|and|another|as|at|because|before|both|but|by|despite|during|each|earlier|every|"
    "few|for|from|he|her|his|how|however|i|if|in|it|its|last|later|like|many|meanwhile|more|most|mr|mrs|ms|my|"
    "new|no|not|now|of|on|one|only|other|our|over|several|she|since|so|some|such|than|that|the|their|then|there|"
    "these|they|this|those|though|three|to|today|two|under|until|upon|was|we|were|what|when|where|which|while|"
    "who|why|will|with|yesterday|you|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|"
    "march|april|may|june|july|august|september|october|november|december"
    ")"
)


def capitals_only(spelling: str) -> bool:
    """Whether the spelling counts only where it is printed in capitals: all capitals, at most five letters."""
    return spelling.isupper() and sum(map(str.isalpha, spelling)) <= ACRONYM_LETTERS


def script(spelling: str) -> str:
    """The ISO 15924 code of the script that most letters are of; `Jpan` for Kana with Han, `Zyyy` without letters."""
    counts = Counter(
        _SCRIPTS.get(unicodedata.name(char, "").split(" ")[0].split("-")[0], "Zzzz")
        for char in spelling
        if char.isalpha()
    )
    if not counts:
        return "Zyyy"
    if "Hani" in counts and counts.keys() & {"Hira", "Kana"}:
        return "Jpan"
    return counts.most_common(1)[0][0]


def names_in(text: str) -> frozenset[str]:
    """The names of several capitalised words and the acronyms of a text, folded.

    A cheap set for telling whether two articles speak of the same matter, not a list of mentions: a word alone is no
    name here, so nor is the first of a sentence; "of" may stand inside a name; lines in capitals are passed over.
    """
    names: set[str] = set()
    run: list[str] = []
    end = 0
    text = _LINE.sub(_calmed, unicodedata.normalize("NFC", text))
    for match in _WORD.finditer(text):
        if text[end : match.start()] not in _JOINTS:
            _close(run, names)
        end = match.end()
        word = match.group()
        closes = word.endswith(("'s", "’s"))
        word = word[:-2] if closes else word
        if (word == "of" and run) or (word[0].isupper() and not _NO_NAME.fullmatch(word.lower())):
            run.append(word)
        else:
            closes = True
        if closes:
            _close(run, names)
    _close(run, names)
    return frozenset(names)


def _close(run: list[str], names: set[str]) -> None:
    """Put the run of words into the names, whole and in the parts that "of" joins, and empty it."""
    while run and run[-1] == "of":
        run.pop()
    whole = " ".join(run)
    names.update(fold.fold(part) for part in (whole, *whole.split(" of ")) if " " in part)
    acronyms = [word for word in run if 3 <= len(word) <= 6 and word.isupper()]
    # Several in a row are words printed in capitals, such as a place before a report.
    if len(acronyms) == 1:
        names.add(fold.fold(acronyms[0]))
    run.clear()


def _calmed(line: re.Match[str]) -> str:
    """The line, in small letters where most of it is in capitals: there they tell nothing."""
    letters = "".join(filter(str.isalpha, line.group()))
    return line.group().lower() if sum(map(str.isupper, letters)) * 2 > len(letters) > 20 else line.group()
