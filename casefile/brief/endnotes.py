"""The brief's endnotes: real Word endnotes, each the source reference of one passage (after ICD 206)."""

from __future__ import annotations

from collections.abc import Mapping

from casefile.brief import blocks, runs
from casefile.brief.outline import Citation, SourceRow
from casefile.brief.words import Words

#: So many notes of two lines fit on an A4 page.
_MARKED_EVERY = 20


class Endnotes:
    """Endnotes in the order in which they are cited, numbered from 1.

    The first note on a source gives its reference in full, later ones its sign, case file number and place.
    """

    def __init__(self, sources: Mapping[int, SourceRow], words: Words, *, marked: str) -> None:
        """Notes on the sources; `marked` is a paragraph that bears the brief's marking."""
        self._sources = sources
        self._marked = marked
        self._words = words
        self._notes: list[str] = []
        self._told: set[int] = set()

    @property
    def cited(self) -> int:
        """How many notes there are so far."""
        return len(self._notes)

    def cite(self, *citations: Citation) -> str:
        """Runs that stand in the text for new notes on the passages, with commas between them."""
        comma = runs.xml(", ", style="EndnoteReference")
        return comma.join(self._anchor(citation) for citation in citations)

    def part(self, template: bytes) -> bytes:
        """The endnotes part: the template's separators and the notes cited so far.

        LibreOffice (7.4) sets endnotes on pages without header and footer, so the marking stands below the last
        note too, and below every so many.
        """
        before, end, after = template.rpartition(b"</w:endnotes>")
        notes = [
            f'<w:endnote w:id="{number}">{note}{self._marked * self._is_marked(number)}</w:endnote>'
            for number, note in enumerate(self._notes, start=1)
        ]
        return before.rstrip() + "".join(notes).encode() + end + after

    def _is_marked(self, number: int) -> bool:
        return number == len(self._notes) or number % _MARKED_EVERY == 0

    def _anchor(self, citation: Citation) -> str:
        number = len(self._notes) + 1
        self._notes.append(
            blocks.paragraph(
                "EndnoteText",
                # Full size in the note itself: superscripts are for the text.
                '<w:r><w:rPr><w:rStyle w:val="EndnoteReference"/><w:vertAlign w:val="baseline"/></w:rPr>'
                "<w:endnoteRef/></w:r><w:r><w:tab/></w:r>",
                mark(citation.source),
                runs.xml(" " + self._reference(citation)),
            )
        )
        return f'<w:r><w:rPr><w:rStyle w:val="EndnoteReference"/></w:rPr><w:endnoteReference w:id="{number}"/></w:r>'

    def _reference(self, citation: Citation) -> str:
        source = self._sources[citation.source]
        words = self._words
        place = [words("note_case_file", number=runs.one_line(source.article))]
        if citation.page is not None:
            place.append(words("page", page=citation.page))
        if citation.paragraph is not None:
            place.append(words("paragraph", paragraph=citation.paragraph))
        if citation.source in self._told:
            return ", ".join(place) + "."
        self._told.add(citation.source)
        title = runs.one_line(source.title) or words("untitled")
        published = runs.one_line(source.published) or words("undated")
        graded = words("note_grade", grade=grade(source)) if source.letter or source.digit else words("not_graded")
        return f"{provenance(source, words)}, “{title}”, {published}; {graded}; {', '.join(place)}."


def anchor(source: int) -> str:
    """The bookmark of a source's row."""
    return f"source_{source}"


def mark(source: int) -> str:
    """A source's sign, such as [S2], as a link to its row."""
    return blocks.link(anchor(source), runs.xml(f"[S{source}]", style="Hyperlink"))


def grade(source: SourceRow) -> str:
    """The grade as letter and digit, a dash for a judgement that nobody made: `B2`, `B –`, `– –`."""
    if source.letter and source.digit:
        return source.letter + source.digit
    return f"{source.letter or '–'}\u00a0{source.digit or '–'}"


def provenance(source: SourceRow, words: Words) -> str:
    """Whom the case file comes from and who published it, in words; what is not named is said to be."""
    origin, publisher = runs.one_line(source.origin), runs.one_line(source.publisher)
    if origin and publisher:
        return f"{words('comes_from', who=origin)}, {words('published_by', who=publisher)}"
    if origin:
        return f"{words('comes_from', who=origin)}, {words('publisher_not_named')}"
    return words("Published_by", who=publisher) if publisher else words("neither_named")
