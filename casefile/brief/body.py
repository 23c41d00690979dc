"""The brief's words: its top, its bottom line and its findings; reported words and ours are set apart."""

from __future__ import annotations

from casefile.brief import blocks, runs
from casefile.brief.blocks import paragraph
from casefile.brief.endnotes import Endnotes
from casefile.brief.outline import Finding, Sentence
from casefile.brief.sheet import Sheet

#: Bookmark numbers of findings start here; those of sources are below it.
_FIRST_BOOKMARK = 1_000_000


def top(sheet: Sheet, notes: Endnotes) -> str:
    """Number, title, as-of, author and dossier, and the bottom line in its box."""
    brief, words = sheet.brief, sheet.words
    moment = words("as_of", moment=words.moment(brief.as_of))
    dossier = words("dossier", reference=runs.one_line(brief.reference)) if brief.reference else ""
    byline = " · ".join(filter(None, (moment[:1].upper() + moment[1:], runs.one_line(brief.author), dossier)))
    kicker = f"{words('brief')} {runs.one_line(brief.number)} · {words('issue', issue=brief.issue)}"
    written = [
        paragraph("Kicker", runs.xml(kicker)),
        paragraph("Title", sheet.ours(runs.one_line(brief.title) or words("untitled"))),
        paragraph("Subtitle", runs.xml(byline)),
    ]
    if brief.bottom_line:
        ours = not any(sentence.citations for sentence in brief.bottom_line)
        label = " · ".join(words(code) for code in ("bottom_line", "our_assessment")[: 1 + ours])
        sentences = [_sentence(sheet, notes, sentence, said=ours) for sentence in brief.bottom_line]
        written.append(paragraph("BottomLineLabel", runs.xml(label)))
        written.append(paragraph("BottomLine", runs.xml(" ").join(sentences)))
    return "".join(written)


def findings(sheet: Sheet, notes: Endnotes) -> str:
    """The findings, numbered, in the order of the brief."""
    written = [paragraph("Heading1", sheet.word("findings"))]
    if not sheet.brief.findings:
        written.append(paragraph("Normal", sheet.word("no_findings")))
    written += [_finding(sheet, notes, number, it) for number, it in enumerate(sheet.brief.findings, start=1)]
    return "".join(written)


def before_notes(sheet: Sheet, notes: Endnotes) -> str:
    """The heading that the endnotes follow; nothing if there are none."""
    if not notes.cited:
        return ""
    return paragraph("Heading1", sheet.word("notes")) + paragraph("TableNote", sheet.word("notes_note"))


def _sentence(sheet: Sheet, notes: Endnotes, sentence: Sentence, *, said: bool) -> str:
    """The sentence with its notes; one without any is called our assessment, unless that is `said` above them all."""
    text = sheet.ours(runs.one_line(sentence.text))
    if sentence.citations or said:
        return text + notes.cite(*sentence.citations)
    return text + runs.xml(f" ({sheet.words('our_assessment')})", style="Assessment")


def _finding(sheet: Sheet, notes: Endnotes, number: int, finding: Finding) -> str:
    who = runs.one_line(finding.attributed) or sheet.words("not_named")
    said = sheet.words("says", who=who)
    comment = runs.lines(finding.comment)
    quoted = runs.lines(finding.quote)
    note = notes.cite(finding.citation)
    # A passage may be a region of a picture: then no words are quoted, and the note follows who shows it.
    at_name, at_quote = ("", note) if quoted else (note, "")
    named = sheet.ours("\n".join(comment)) if comment else runs.xml(said, style="AttributedName") + at_name
    written = [paragraph("Finding", blocks.bookmark(f"finding_{number}", _FIRST_BOOKMARK + number, named))]
    if comment:
        written.append(paragraph("Attributed", runs.xml(said), at_name))
    for place, line in enumerate(quoted, start=1):
        opening, closing = "“" * (place == 1), "”" * (place == len(quoted))
        words = runs.xml(f"{opening}{line.strip()}{closing}", language=finding.language)
        written.append(paragraph("Quote", words, at_quote if closing else ""))
    return "".join(written)
