"""A brief as plain data: what composing makes of a dossier and what the Word file is written from.

Every sentence carries the passages that it rests on. Dates on paper are words that composing chose ("10 July 2025",
"not before 20 June 2025"); moments are ISO 8601 in UTC. Empty text means that the thing is not known: the page then
says so or leaves it out, and never guesses.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """The passage behind a sentence.

    `source` is the `SourceRow.number` of the case file. `start` and `stop` count code points of the working text whose
    SHA-256 is `text`, `stop` excluded. `paragraph` and `page` count from 1; None where there is none to name.
    """

    source: int
    start: int
    stop: int
    text: str = ""
    paragraph: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the analyst's; without a citation it is printed as our assessment (after ICD 206)."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One note: the analyst's sentence (may be empty), and the passage's exact text with who says it.

    `attributed` is the origin, or else the publisher; empty means that neither is named. `language` is the quote's, a
    BCP 47 tag, empty where unknown.
    """

    comment: str
    quote: str
    citation: Citation
    attributed: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ChronologyRow:
    """One case file by the date that it was published, or by what bounds that date.

    `date` is the date in words, `printed` the text as printed (empty for none), `basis` in words ("stated", "inferred
    from a phrase", "set by the analyst").
    """

    date: str
    title: str
    article: str
    source: int
    printed: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way a name is printed, and in how many of the brief's case files."""

    text: str
    articles: int


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag: its kind's code, its preferred name, its spellings as printed, and how many confirmed mentions."""

    kind: str
    name: str
    spellings: tuple[Spelling, ...] = ()
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One case file that the brief was made from.

    `number` counts from 1 and is printed as `[S1]`; `article` is the case file's number (`TK-0147`). `published` is in
    words, with its precision; `captured` and `received` are ISO 8601 in UTC. `letter` and `digit` are the grade's two
    judgements, each empty where nobody made it; `graded` says whom the letter grades (the origin or the publisher).
    `sha256` is the original's.
    """

    number: int
    article: str
    title: str
    origin: str = ""
    publisher: str = ""
    published: str = ""
    captured: str = ""
    received: str = ""
    letter: str = ""
    digit: str = ""
    graded: str = ""
    marking: str = "TLP:CLEAR"
    sha256: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """One issue of a brief. `as_of` is ISO 8601 in UTC; `language` is the BCP 47 tag of the analyst's own words.

    `tags` come grouped by kind, in the order of print. `marking` is a label of the scheme `markings`, the grades are
    those of the scheme `grading`.
    """

    number: str
    title: str
    marking: str
    as_of: str
    author: str
    reference: str = ""
    issue: int = 1
    bottom_line: tuple[Sentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    chronology: tuple[ChronologyRow, ...] = ()
    tags: tuple[TagRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    language: str = "en-GB"
    markings: str = "tlp"
    grading: str = "admiralty"
