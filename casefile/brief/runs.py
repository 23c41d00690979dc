"""Text cut into Word runs by script, each with the font, flags and language that its script needs.

Word sets complex scripts (Thai, Khmer, Burmese…) from the `cs` font and size only where a run says so, and breaks
their lines only where it knows the language. Fonts and languages are data: resources/word/fonts.toml.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from casefile import resources

LATIN = "latin"
_EMOJI = "emoji"
_COMMON = "common"

#: What XML 1.0 section 2.2 allows no document to hold; lone surrogates can't be written as UTF-8 at all.
_FORBIDDEN = {
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF], "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """How runs of one script are set."""

    slot: str
    font: str
    language: str = ""
    right_to_left: bool = False


@cache
def faces() -> dict[str, Face]:
    """The font table, by the name of its entries."""
    return {
        name: Face(entry["slot"], entry["font"], entry.get("language", ""), entry.get("right_to_left", False))
        for name, entry in _table().items()
    }


def printable(text: str) -> str:
    """The text as a Word file can hold it: line ends as LF, what XML forbids as U+FFFD; nothing else is touched."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_FORBIDDEN)


def one_line(text: str) -> str:
    """The printable text on one line: white space collapsed to single spaces, none at the ends."""
    return " ".join(printable(text).split())


def lines(text: str) -> list[str]:
    """The printable text's lines that hold more than white space."""
    return [line for line in printable(text).split("\n") if line.strip()]


def by_script(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of an entry of the font table (or `latin`) and the stretch it sets; joined they are the text again.

    Spaces, digits and signs go with what stands before them, at the start with what comes first. A closing bracket or
    quote goes where its opening one went, and a picture takes nothing but itself.
    """
    if text.isascii():
        if text:
            yield LATIN, text
        return
    pieces = [(str(match.lastgroup), match.group()) for match in _pieces().finditer(text)]
    current = next((script for script, _ in pieces if script not in (_COMMON, _EMOJI)), LATIN)
    opened: list[str] = []
    held, stretch = "", ""
    for script, piece in pieces:
        if script == _COMMON:
            sign = unicodedata.category(piece)
            if sign in ("Ps", "Pi"):
                opened.append(current)
            elif sign in ("Pe", "Pf") and opened:
                current = opened.pop()
        elif script != _EMOJI:
            current = script
        found = script if script == _EMOJI else current
        if found != held and stretch:
            yield held, stretch
            stretch = ""
        held = found
        stretch += piece
    if stretch:
        yield held, stretch


def xml(text: str, properties: str = "", *, language: str = "", style: str = "") -> str:
    """`w:r` elements for the text, of the character style whose id is `style`.

    `properties` are further elements of `w:rPr` in the schema's order, none of them a font, size or language.
    `language` is the text's BCP 47 tag where it is known: a run takes it if it fits its script. Line feeds become line
    breaks and tabs become tabs; the text is data, and nothing in it is interpreted.
    """
    tag = one_line(language)
    return "".join(_run(part, script, properties, tag, style) for script, part in by_script(printable(text)))


def _run(text: str, script: str, properties: str, language: str, style: str) -> str:
    face = faces().get(script)
    first, last, tongue = "", "", ""
    if face is None:
        tongue = f"<w:lang w:val={quoteattr(language)}/>" if language and _primary(language) not in _spoken() else ""
    elif face.slot == "all":
        first = "<w:rFonts {}/>".format(
            " ".join(f'w:{slot}="{face.font}"' for slot in ("ascii", "hAnsi", "eastAsia", "cs"))
        )
    else:
        spoken = language if _primary(language) == _primary(face.language) else face.language
        hint = ' w:hint="eastAsia"' if face.slot == "eastAsia" else ""
        first = f'<w:rFonts{hint} w:{face.slot}="{face.font}"/>'
        if face.slot == "cs":
            last = "<w:rtl/><w:cs/>" if face.right_to_left else "<w:cs/>"
        tongue = f"<w:lang w:{'bidi' if face.slot == 'cs' else 'eastAsia'}={quoteattr(spoken)}/>"
    styled = f'<w:rStyle w:val="{style}"/>' if style else ""
    inner = styled + first + properties + last + tongue
    return f"<w:r>{f'<w:rPr>{inner}</w:rPr>' if inner else ''}{_content(text)}</w:r>"


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


@cache
def _spoken() -> frozenset[str]:
    # A Thai brief's Latin words are not Thai, and no proofing language is known for them.
    return frozenset(_primary(face.language) for face in faces().values())


def _content(text: str) -> str:
    written = escape(text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    return f"<w:t>{written}</w:t>".replace("<w:t>", '<w:t xml:space="preserve">').replace(
        '<w:t xml:space="preserve"></w:t>', ""
    )


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.text("word", "fonts.toml"))


@cache
def _pieces() -> Any:
    import regex

    # A mark stays with its letter. U+FE0F asks for the picture form: signs such as © are text unless it follows them.
    groups = [
        r"(?P<emoji>(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=\uFE0F)|\p{Regional_Indicator})\p{Inherited}*+)"
    ]
    for name, entry in _table().items():
        letters = "".join(rf"\p{{Script={script}}}" for script in entry["scripts"])
        groups += [rf"(?P<{name}>[{letters}][{letters}\p{{Inherited}}]*+)"] if letters else []
    groups.append(rf"(?P<{_COMMON}>\p{{Common}})")
    groups.append(rf"(?P<{LATIN}>[\p{{Latin}}\p{{Inherited}}]++|.)")
    return regex.compile("|".join(groups), regex.DOTALL)
