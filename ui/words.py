"""Words for what a case file is: the line under a title in the list, and the header above its text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from casefile import phrases
from casefile.articles import Article
from casefile.brief.compose import in_words
from casefile.receiving import Report

NOT_GRADED = "– –"
DOT = " · "
CANCELLED = "The import was cancelled. What was brought in before is kept."
_TOLD = 6  # refused files that are named one by one


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above a text: whereabouts, title and facts, one line of words each."""

    crumb: str
    title: str
    facts: str


def grade(article: Article) -> str:
    """Letter and digit, with dashes for what nobody has judged."""
    return article.grade or NOT_GRADED


def source_and_date(article: Article) -> str:
    """Number, who stands behind it, and when it was published, for one line of a list."""
    named = f"from {article.origin}" if article.origin else article.publisher
    return DOT.join(part for part in (article.number, named, in_words(article.published)) if part)


def header(article: Article) -> Header:
    """Whereabouts, title and facts of a case file."""
    marking = f"{article.marking} as received" if article.marking else None
    published = in_words(article.published)
    if article.published is not None and published != "undated":
        basis = article.published.basis
        published = f"published {published}" + (f" ({phrases.word('bases', basis)})" if basis else "")
    facts = (
        f"comes from {article.origin}" if article.origin else None,
        f"published by {article.publisher}" if article.publisher else None,
        article.place,
        published,
        "not graded" if article.grade is None else f"grade {article.grade}",
    )
    return Header(
        DOT.join(part for part in (article.number, marking) if part),
        article.title,
        DOT.join(part for part in facts if part),
    )


def kind(code: str) -> str:
    """The name of a kind of tags; a kind that the user added is its own name."""
    return phrases.word("kinds", code)


def count(n: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{n:,} {one if n == 1 else many}"


def imported(report: Report) -> str:
    """What an import did, with the reason for each file that was refused."""
    became = [item.became for item in report.received]
    said = [f"{count(became.count('imported'), 'case file', 'case files')} brought in."]
    if known := became.count("known"):
        said.append(f"{count(known, 'was', 'were')} here already; that they came again is recorded.")
    if restored := became.count("restored"):
        said.append(f"{count(restored, 'was', 'were')} taken out of the Bin.")
    if report.skipped:
        said.append(f"{count(len(report.skipped), 'file', 'files')} of other kinds were left out.")
    lines = [" ".join(said)]
    lines += [f"{PurePath(name).name}: {error}" for name, error in report.refused[:_TOLD]]
    if (more := len(report.refused) - _TOLD) > 0:
        lines.append(f"And {more:,} more were refused.")
    return "\n".join(lines)
