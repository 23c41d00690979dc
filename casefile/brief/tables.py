"""The brief's tables: chronology, tags by kind, sources, and the key to grades and marking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from casefile.brief import blocks, endnotes, runs
from casefile.brief.blocks import Cell, Column, paragraph
from casefile.brief.outline import SourceRow, TagRow
from casefile.brief.sheet import Sheet


def chronology(sheet: Sheet) -> str:
    """The case files by the date published or by what bounds it; nothing without case files."""
    if not sheet.brief.chronology:
        return ""
    columns = (
        Column(sheet.word("published"), 31),
        Column(sheet.word("case_file"), 51),
        Column(sheet.word("source"), 8),
        Column(sheet.word("grade"), 10),
    )
    rows: list[list[Cell]] = []
    for row in sheet.brief.chronology:
        printed = sheet.words("as_printed", printed=runs.one_line(row.printed)) if row.printed else ""
        said = " · ".join(filter(None, (runs.one_line(row.basis), printed)))
        rows.append(
            [
                _cell(runs.one_line(row.date) or sheet.words("undated"), said),
                _cell(runs.one_line(row.title) or sheet.words("untitled"), runs.one_line(row.article)),
                [("TableText", endnotes.mark(row.source))],
                _grade(sheet, sheet.sources[row.source]),
            ]
        )
    return (
        paragraph("Heading1", sheet.word("chronology"))
        + paragraph("TableNote", sheet.word("chronology_note"))
        + blocks.table(columns, rows, sheet.width)
    )


def tags(sheet: Sheet) -> str:
    """Operations, people, agencies…, kind by kind: each name with its spellings as printed."""
    if not sheet.brief.tags:
        return ""
    columns = (
        Column("", 16),
        Column(sheet.word("name"), 30),
        Column(sheet.word("spellings"), 42),
        Column(sheet.word("mentions"), 12, right=True),
    )
    rows: list[list[Cell]] = []
    for kind, group in groupby(sheet.brief.tags, key=lambda tag: tag.kind):
        said = runs.one_line(sheet.words.kind(kind))
        rows += [[_cell(said if first else ""), *_tag(sheet, tag)] for first, tag in _first_told(group)]
    return (
        paragraph("Heading1", sheet.word("tags"))
        + paragraph("TableNote", sheet.word("spellings_note"))
        + blocks.table(columns, rows, sheet.width)
    )


def _first_told(tags_of_kind: Iterable[TagRow]) -> Iterator[tuple[bool, TagRow]]:
    return ((place == 0, tag) for place, tag in enumerate(tags_of_kind))


def sources(sheet: Sheet) -> str:
    """The case files that the brief was made from: whence, when, how graded, how marked, and the original's hash."""
    heading = paragraph("Heading1", sheet.word("sources"))
    if not sheet.brief.sources:
        return heading + paragraph("Normal", sheet.word("no_source"))
    columns = (
        Column("", 6),
        Column(sheet.word("source"), 62),
        Column(sheet.word("published"), 22),
        Column(sheet.word("grade"), 10),
    )
    rows = [_source(sheet, source) for source in sheet.brief.sources]
    note = paragraph("TableNote", sheet.word("sources_note"))
    return heading + note + blocks.table(columns, rows, sheet.width)


def keys(sheet: Sheet) -> str:
    """What the marking and the grades that the brief uses mean; nothing else of their schemes."""
    label = sheet.marking.label(sheet.brief.marking)
    rows = [[_cell(label.code), _cell(label.audience), _cell(sheet.marking.name)]]
    used = ({source.letter for source in sheet.brief.sources}, {source.digit for source in sheet.brief.sources})
    for axis, codes in zip(sheet.grading.axes, used, strict=False):
        rows += [[_cell(code), _cell(axis.words(code)), _cell(axis.name)] for code in sorted(codes) if code]
    if any("" in codes for codes in used):
        rows.append([_cell("–"), _cell(sheet.words("not_graded_key")), _cell("")])
    columns = (
        Column(sheet.word("sign"), 18),
        Column(sheet.word("meaning"), 46),
        Column(sheet.word("judges"), 36),
    )
    # The heading of the notes follows. LibreOffice sets the notes themselves on a page of their own, so that the
    # heading would stand on a page with nothing else.
    return paragraph("Heading1", sheet.word("keys")) + blocks.table(columns, rows, sheet.width, keep=True)


def _cell(text: str, *small: str) -> Cell:
    return [("TableText", runs.xml(text)), *(("TableSmall", runs.xml(line)) for line in small if line)]


def _tag(sheet: Sheet, tag: TagRow) -> list[Cell]:
    spellings = "; ".join(
        sheet.words("spelling", spelling=runs.one_line(spelling.text), count=spelling.articles)
        for spelling in tag.spellings
    )
    return [_cell(runs.one_line(tag.name)), _cell(spellings), _cell(str(tag.mentions))]


def _grade(sheet: Sheet, source: SourceRow) -> Cell:
    return _cell(endnotes.grade(source), "" if source.letter or source.digit else sheet.words("not_graded"))


def _source(sheet: Sheet, source: SourceRow) -> list[Cell]:
    words = sheet.words
    graded = words("letter_of", letter=source.letter, who=runs.one_line(source.graded))
    facts = (
        runs.one_line(source.article),
        sheet.marking.label(source.marking).code,
        graded if source.letter and source.graded else "",
        words("captured", moment=words.moment(source.captured)) if source.captured else "",
        words("received", moment=words.moment(source.received)) if source.received else "",
        runs.one_line(source.media_type),
        _cited_in(sheet, source.number),
    )
    about: Cell = [
        ("TableText", runs.xml(runs.one_line(source.title) or words("untitled"), style="Strong")),
        ("TableText", runs.xml(endnotes.provenance(source, words))),
        ("TableSmall", runs.xml(" · ".join(filter(None, facts)))),
    ]
    if source.sha256:
        about.append(("TableSmall", runs.xml(runs.one_line(source.sha256), style="Digest")))
    sign = runs.xml(f"[S{source.number}]")
    return [
        [("TableText", blocks.bookmark(endnotes.anchor(source.number), source.number, sign))],
        about,
        _cell(runs.one_line(source.published) or words("undated")),
        _grade(sheet, source),
    ]


def _cited_in(sheet: Sheet, number: int) -> str:
    """Where a source is leaned on: what to look at again when it is withdrawn or re-graded (after ICD 206)."""
    brief, words = sheet.brief, sheet.words
    places: list[str] = []
    if any(citation.source == number for sentence in brief.bottom_line for citation in sentence.citations):
        places.append(words("the_bottom_line"))
    found = [str(n) for n, it in enumerate(brief.findings, start=1) if it.citation.source == number]
    if found:
        places.append(words("finding" if len(found) == 1 else "findings_numbers", numbers=", ".join(found)))
    return words("cited_in", what=", ".join(places)) if places else words("not_cited")
