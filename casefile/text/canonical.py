"""Text rule 1: the one form in which texts are stored, hashed and counted; and bytes turned into text.

Texts keep what was printed: nothing is composed, trimmed or repaired, since offsets and quotes rest on them.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass

from casefile.errors import CasefileError
from casefile.records import Sha256

#: Number of the rule, stored with each text. Another outcome for any text is another rule with another number.
RULE = 1

_LINE_END = re.compile("\r\n|[\r\u0085\v\f\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# TAB, LF, VT, FF and CR stand in texts; ESC does in ISO-2022 encodings, SUB at the end of files from DOS.
_CONTROL_BYTES = bytes(b for b in (*range(32), 127) if b not in b"\t\n\v\f\r\x1a\x1b")
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, not yet canonical; `replaced` says that bytes that could not be read became U+FFFD."""

    text: str
    encoding: str
    replaced: bool


def canonical(text: str) -> str:
    """The text under rule 1; a text that obeys the rule comes back unchanged.

    A leading byte order mark goes (a row of them as well, or the rule would change its own results); line ends of
    every kind become LF; controls except TAB, lone surrogates, U+FDD0 to U+FDEF, U+FFFE and U+FFFF become U+FFFD.
    """
    text = text.lstrip("\ufeff")
    if _ODD.search(text) is None:
        return text
    return _UNFIT.sub("\ufffd", _LINE_END.sub("\n", text))


def digest(text: str) -> Sha256:
    """The SHA-256 of the text in UTF-8, by which passages name it. Lone surrogates, unfit under rule 1, fail."""
    return Sha256(hashlib.sha256(text.encode("utf-8")).hexdigest())


def same_text_key(text: str) -> str:
    """The SHA-256 of the folded canonical text with white space collapsed: equal for "the same text"; "" for none."""
    from casefile.text import fold

    words = " ".join(fold.fold(text).split())
    return digest(words) if words else ""


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file without its byte order mark, in the encoding named or else in the one found.

    A byte order mark decides, then strict UTF-8, then UTF-16 without a mark, then UTF-8 with a few damaged bytes,
    then the best guess of charset-normalizer. Raises CasefileError("unknown_encoding") for a name nobody knows.
    """
    if encoding is not None:
        return _as_named(data, encoding)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)
    # Thai or English in UTF-16 is valid UTF-8 as well, full of controls.
    name = _utf16(data) if _controls(data[:_SAMPLE]) else None
    return Decoded(text, "utf-8", replaced=False) if name is None else _lenient(data, name)


def looks_binary(data: bytes) -> bool:
    """Whether the bytes are no text at all: many NULs and other controls, and not UTF-16 or UTF-32."""
    sample = data[:_SAMPLE]
    for mark, name in _BOMS:
        if sample.startswith(mark):
            text = sample[len(mark) :].decode(name, "replace")
            text = _LINE_END.sub("\n", text).rstrip("\x1a")
            return _too_many(len(_UNFIT.findall(text)) + text.count("\ufffd"), len(text))
    return _too_many(_controls(sample), len(sample)) and _utf16(sample) is None


def _too_many(controls: int, length: int) -> bool:
    # Compressed and compiled data have a tenth or more; a text has a stray one.
    return controls > 3 and controls > length * 0.02


def _controls(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _CONTROL_BYTES))


def _as_named(data: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses codecs such as zip and rot13, which are not encodings of text
    except (LookupError, ValueError) as unknown:
        raise CasefileError("unknown_encoding", encoding=encoding) from unknown
    decoded = _lenient(data, name)
    return Decoded(decoded.text.removeprefix("\ufeff"), decoded.encoding, decoded.replaced)


def _lenient(data: bytes, name: str) -> Decoded:
    try:
        return Decoded(data.decode(name), name, replaced=False)
    except UnicodeError:
        return Decoded(data.decode(name, "replace"), name, replaced=True)


def _guessed(data: bytes) -> Decoded:
    if _controls(data[:_SAMPLE]) and (name := _utf16(data)):
        return _lenient(data, name)
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    # Other encodings hardly ever form valid sequences of UTF-8: where most are valid, a few bytes were damaged.
    if sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text))) >= 8 * damaged:
        return Decoded(text, "utf-8", replaced=True)
    best = _best_guess(data)
    return Decoded(text, "utf-8", replaced=True) if best is None else _lenient(data, best)


def _best_guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else best.encoding


def _utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, or None: of the orders that give ordinary text, the one of fewer blocks.

    A text keeps to few blocks of 256 code points; the same bytes read the other way round are strewn over many.
    """
    found: list[tuple[int, str]] = []
    for name in ("utf-16-le", "utf-16-be"):
        sample = data[: min(len(data), 8192) & ~1]
        try:
            text = sample.decode(name, "strict" if len(sample) == len(data) else "ignore")
        except UnicodeDecodeError:
            continue
        plain = text.translate(dict.fromkeys(map(ord, "\t\n\v\f\r\ufeff")))
        if plain and not any(unicodedata.category(c) in {"Cc", "Cn", "Co", "Cs"} for c in set(plain)):
            found.append((len({ord(c) >> 8 for c in plain}), name))
    return min(found)[1] if found and len(data) % 2 == 0 else None
