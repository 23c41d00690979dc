"""What the user types in the search line, as terms that must all be found. The full query language comes later."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casefile.text import fold

_TERM = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """One word or quoted phrase: `folded` to compare with folded text, `expression` for FTS5; `prefix` for `word*`."""

    folded: str
    expression: str
    prefix: bool = False


def parse(line: str) -> tuple[Term, ...]:
    """The terms of a line: words, "phrases in quotes" (an open quote runs to the end), beginnings of words, `traf*`.

    Nothing in the line is FTS5 syntax. A term without a letter or digit is left out.
    """
    terms: list[Term] = []
    for phrase, word in _TERM.findall(line):
        prefix = not phrase and word.endswith("*")
        text = phrase or word.rstrip("*")
        expression = fold.query_tokens(text, prefix=prefix)
        if expression:
            terms.append(Term(fold.collapse(fold.fold(text)).strip(), expression, prefix))
    return tuple(terms)
