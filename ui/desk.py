"""The desk: list, reader and inspector over one session. Loaded when a library is open, after the first paint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from casefile import articles, mentions, notes, tags
from casefile.articles import Article
from casefile.changes import Changes
from casefile.mentions import Mention
from casefile.notes import Note
from casefile.records import ArticleId
from casefile.suggest.known import Suggestion
from casefile.tags import Tag
from ui import operations, words
from ui.actions import Actions
from ui.operations import Place, TagChoice
from ui.panes.cards import NoteCard, TagCard
from ui.panes.case_files import CaseFilesPane
from ui.panes.inspector import Inspector
from ui.panes.marks import Mark
from ui.panes.reader import Reader
from ui.session import Session
from ui.suggesting import Suggester
from ui.theme import Look
from ui.words import Header

_NOTHING = Header("", "", "")


class Desk(QWidget):
    """Shows one case file of the library at a time and lets it be tagged and noted."""

    stirred = Signal()
    """What the commands need has changed: a case file is shown, words are selected, something can be undone."""

    def __init__(self, session: Session, look: Look, actions: Actions) -> None:
        super().__init__()
        self.session = session
        self.article: Article | None = None
        self._text = ""
        self._place: Place | None = None
        self._known: list[Tag] = []
        self._suggestions: Sequence[Suggestion] = ()
        self._suggester = Suggester(session)
        self.case_files = CaseFilesPane(session, look)
        self.reader = Reader(look, tag=actions["tag"], note=actions["note"])
        self.inspector = Inspector(look)
        self.tag_card = TagCard(self, look)
        self.note_card = NoteCard(self)
        self._lay_out()
        self._connect()
        self._read_known_tags()
        self.case_files.view.setFocus()

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for place, (pane, least) in enumerate(((self.case_files, 260), (self.reader, 400), (self.inspector, 220))):
            pane.setMinimumWidth(least)
            splitter.addWidget(pane)
            splitter.setStretchFactor(place, 1 if pane is self.reader else 0)
        splitter.setSizes([384, 760, 296])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(splitter)

    def _connect(self) -> None:
        self.case_files.chosen.connect(self.show_article)
        self.reader.selected.connect(lambda _: self.stirred.emit())
        self.inspector.place_wanted.connect(self._go_to)
        self.tag_card.accepted.connect(self._tag)
        self.note_card.accepted.connect(self._note)
        for card in (self.tag_card, self.note_card):
            card.closed.connect(self.reader.setFocus)
        self.session.changed.connect(self.follow)

    # ---- showing

    def show_article(self, article: ArticleId | None) -> None:
        """Show a case file from its top, or nothing."""
        self.tag_card.shut()
        self.note_card.shut()
        self._suggestions = ()
        if article is None:
            self.article, self._text = None, ""
            self.reader.show_text(_NOTHING, "")
            self.inspector.show_tags([], [])
            self.inspector.show_notes([], "")
        else:
            self.article = self.session.read(lambda library: articles.get(library, article))
            self._text = self.session.read(lambda library: articles.text(library, article))
            self.reader.show_text(words.header(self.article), self._text)
            self._show_marks()
        self.stirred.emit()

    def follow(self, changes: Changes) -> None:
        """Show what a step touched of the case file that is shown."""
        shown = self.article
        if changes.touches("tags", "spellings"):
            self._read_known_tags()
        if shown is not None:
            if changes.touches("articles", row=shown.id) or changes.touches("sources", "originals"):
                self.article = self.session.read(lambda library: articles.get(library, shown.id))
                if self.article.text == shown.text:
                    self.reader.show_header(words.header(self.article))
                else:
                    self.show_article(shown.id)
            if changes.touches("mentions", "notes", "tags", "spellings", "taggings"):
                self._show_marks()
        self.stirred.emit()

    def _show_marks(self) -> None:
        assert self.article is not None
        article = self.article.id
        found = self.session.read(lambda library: mentions.of_article(library, article))
        noted = self.session.read(lambda library: notes.of_article(library, article))
        carried = self.session.read(lambda library: tags.of_article(library, article))
        self._mark(found, noted)
        self.inspector.show_tags(found, [tag for tag in self._known if tag.id in carried])
        self.inspector.show_notes(noted, self._text)
        self._suggester.ask(article, lambda suggested: self._suggested(article, suggested, found, noted))

    def _suggested(
        self, article: ArticleId, suggested: Sequence[Suggestion], found: Sequence[Mention], noted: Sequence[Note]
    ) -> None:
        if self.article is not None and self.article.id == article and suggested != self._suggestions:
            self._suggestions = suggested
            # What was confirmed or noted since the question is asked about again already.
            self._mark(found, noted)

    def _mark(self, found: Sequence[Mention], noted: Sequence[Note]) -> None:
        assert self.article is not None
        text = self.article.text
        self.reader.show_marks(
            [_of_mention(mention) for mention in found if mention.passage.text == text]
            + [_of_suggestion(suggestion, self._known) for suggestion in self._suggestions]
            + [_of_note(note) for note in noted if note.passage.text == text]
        )

    def _read_known_tags(self) -> None:
        self.session.ask(tags.every, self._know)

    def _know(self, known: list[Tag]) -> None:
        carried_before = self._known
        self._known = known
        self.tag_card.know(known)
        if self.article is not None and known != carried_before:
            self._show_marks()

    def _go_to(self, offset: int) -> None:
        self.reader.reveal(offset)
        self.reader.setFocus()

    # ---- tagging and noting

    def ask_for_tag(self) -> None:
        """Open the card that asks what the selected words name."""
        if self._take_place():
            self.tag_card.ask(self.reader.selected_words(), *self._area())

    def ask_for_note(self) -> None:
        """Open the card that asks for a note on the selected words."""
        if self._take_place():
            self.note_card.ask(*self._area())

    def _take_place(self) -> bool:
        chosen = self.reader.selection()
        if self.article is None or chosen is None:
            return False
        self.tag_card.shut()
        self.note_card.shut()
        self.reader.bar.hide()
        self._place = Place(self.article.id, *chosen)
        return True

    def _area(self) -> tuple[QRect, QRect]:
        """Where the selection begins, and where the reader is."""
        area, room = self.reader.selection_area(), self.reader.viewport().rect()
        to_desk = self.reader.viewport().mapTo(self, room.topLeft())
        return area.translated(to_desk), room.translated(to_desk)

    def _tag(self, choice: TagChoice) -> None:
        place = self._place
        assert place is not None
        self.session.do(lambda library: operations.tag_passage(library, place, choice))
        self.reader.clear_selection()

    def _note(self, comment: str) -> None:
        place = self._place
        assert place is not None
        self.session.do(lambda library: operations.add_note(library, place, comment))
        self.reader.clear_selection()


def _of_mention(mention: Mention) -> Mark:
    passage = mention.passage
    said = f"{mention.name} · {words.kind(mention.kind)}"
    return Mark(passage.start, passage.stop, "mention", mention.id, mention.kind, said)


def _of_suggestion(suggestion: Suggestion, known: Sequence[Tag]) -> Mark:
    name = next((tag.name for tag in known if tag.id == suggestion.tag), suggestion.text)
    said = f"{name}? · {words.kind(suggestion.kind)}, suggested"
    return Mark(suggestion.start, suggestion.stop, "suggestion", suggestion.id, suggestion.kind, said)


def _of_note(note: Note) -> Mark:
    said = f"Note: {note.comment}" if note.comment else "Note"
    return Mark(note.passage.start, note.passage.stop, "note", note.id, "note", said)
