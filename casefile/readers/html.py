"""Saved web pages: the article's text, what the page says about itself, and where and when it was captured.

Nothing is fetched and no date is guessed: only fields that say "published" count (htmldate returns cited dates).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from html import unescape
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from casefile.errors import CasefileError, Refused
from casefile.readers import blocks
from casefile.readers.reading import Reading
from casefile.text import canonical

if TYPE_CHECKING:
    from casefile.readers.facts import Metadata

NAME = "html"

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHARSET = re.compile(
    rb"(?:<meta[^>]{1,300}?charset|^\s*<\?xml[^>]{1,100}?encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
# Labels that browsers read as a larger encoding (WHATWG Encoding Standard, 4.2 Names and labels). A page whose meta
# element can be read as ASCII is not UTF-16, whatever the element says.
_LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
}

# Pictures inside a SingleFile page: hundreds of megabytes of attributes that hold no text.
_INLINE_DATA = re.compile(r"data:[\w.+-]{1,80}/[\w.+-]{1,80}(?:;[\w=.-]{1,40})*,[A-Za-z0-9+/=%]{200,}")
_SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(?P<address>\S+)\s+saved date:\s*(?P<when>[^\n]{10,120}?)\s*(?:\n|-->)"
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\((?P<length>\d{4})\)(?P<address>[^\s>]{1,2000})")
_SCRIPT_DATE = re.compile(r"^\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT([+-]\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HEAD = 65536

# Fields that name the day of publication, the most trusted first.
_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "citation_publication_date",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
)


def read(data: bytes, name: str) -> Reading:
    """Return the article of the page; all of its text where no article is found. `name` is for refusals."""
    decoded = decode(data)
    return read_page(decoded, name)


def decode(data: bytes, charset: str | None = None) -> canonical.Decoded:
    """Return the page as text: by its byte order mark, `charset` of a header, its meta element, else by its bytes.

    A declared encoding that does not fit all bytes is given up where another fits them.
    """
    if data.startswith(_BOMS):
        return canonical.decode(data)
    element = _CHARSET.search(data, 0, 4096)
    for label in (charset, element[1].decode("ascii") if element else None):
        declared = _declared(data, label) if label else None
        if declared is not None:
            undeclared = canonical.decode(data) if declared.replaced else declared
            return declared if undeclared.replaced else undeclared
    return canonical.decode(data)


def read_page(decoded: canonical.Decoded, name: str, reader: str = NAME) -> Reading:
    """Return the reading of a decoded page; raises Refused damaged_html if no page can be made of it."""
    source = _INLINE_DATA.sub("data:,", decoded.text)
    tree = _parsed(source, name)
    head = source[:_HEAD]
    captured, captured_from, address = _capture(head)
    metadata = _metadata(tree, address)
    text = _article(tree) or _everything(tree) or _without_tags(source)
    return Reading(
        text=text,
        reader=reader,
        encoding=decoded.encoding,
        metadata=metadata,
        captured=captured,
        captured_from=captured_from,
        address=metadata.address,
        warnings=("decoded_with_replacement",) if decoded.replaced else (),
    )


def web_address(text: str | None) -> str | None:
    """Return the text if it is an address of the web, else None."""
    text = (text or "").strip()
    return text if re.match(r"https?://[^\s/]", text) and len(text) <= 4000 else None


def _declared(data: bytes, label: str) -> canonical.Decoded | None:
    label = label.strip().lower()
    try:
        return canonical.decode(data, _LABELS.get(label, label))
    except CasefileError:
        # A label that nobody knows says nothing.
        return None


def _parsed(source: str, name: str) -> Any:
    html: Any = import_module("lxml.html")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, remove_pis=True)
    errors: Any = import_module("lxml.etree")
    try:
        tree = html.document_fromstring(source.replace("\0", "\ufffd").encode("utf-8", "replace"), parser=parser)
    except (errors.LxmlError, ValueError) as error:
        raise Refused("damaged_html", name=name) from error
    return tree


def _article(tree: Any) -> str:
    trafilatura = _extractor()
    # with_metadata stays off: it would guess a date. The tree is a copy, since extraction prunes it.
    found: Any = trafilatura.bare_extraction(
        deepcopy(tree), fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    return "" if found is None or found.body is None else blocks.text(found.body)


@cache
def _extractor() -> Any:
    # trafilatura imports urllib3 for downloads that nobody asks of it, and urllib3 binds a socket to learn whether it
    # has IPv6. Told that Python has none, it opens nothing.
    network: Any = import_module("socket")
    has_ipv6, network.has_ipv6 = network.has_ipv6, False
    try:
        return import_module("trafilatura")
    finally:
        network.has_ipv6 = has_ipv6


def _everything(tree: Any) -> str:
    engine: Any = import_module("inscriptis.html_engine")
    config: Any = import_module("inscriptis.model.config")
    try:
        text: str = engine.Inscriptis(tree, config.ParserConfig()).get_text()
    except RecursionError:
        return ""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip("\n")


def _without_tags(source: str) -> str:
    """The words of a page of which no tree can be made: libxml2 drops what is nested more than 255 deep."""
    bare = re.sub(r"(?is)<!--.*?-->|<(script|style|title|noscript)\b.*?</\1\s*>", " ", source)
    lines = (" ".join(unescape(line).split()) for line in re.split(r"<[a-zA-Z/!?][^<>]*>", bare))
    return "\n".join(line for line in lines if line)


def _capture(head: str) -> tuple[str | None, str | None, str | None]:
    found = _SINGLE_FILE.search(head)
    if found:
        captured = _utc(found["when"])
        return captured, "SingleFile comment" if captured else None, web_address(found["address"])
    found = _SAVED_FROM.search(head)
    if found:
        # The count is of characters as Internet Explorer wrote them; other browsers copy the form.
        return None, None, web_address(found["address"][: int(found["length"])] or found["address"])
    return None, None, None


def _utc(when: str) -> str | None:
    """Return UTC for what JavaScript's Date prints: `Thu Jul 10 2025 12:34:56 GMT+0700 (Indochina Time)`."""
    found = _SCRIPT_DATE.match(when)
    if not found or found[1] not in _MONTHS:
        return None
    month = _MONTHS.index(found[1]) + 1
    try:
        moment = datetime.strptime(
            f"{found[3]}-{month}-{found[2]} {found[4]}:{found[5]}:{found[6]} {found[7]}", "%Y-%m-%d %H:%M:%S %z"
        )
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None


def _metadata(tree: Any, captured_address: str | None) -> Metadata:
    from casefile.readers.facts import Metadata

    meta = _meta_elements(tree)
    linked = list(_linked_data(tree))
    published, field = _published(tree, meta, linked)
    canonical_links: list[str] = tree.xpath("//link[@rel='canonical']/@href")
    address = captured_address or web_address(next(iter(canonical_links), None)) or web_address(meta.get("og:url"))
    title = _named(
        ("meta og:title", meta.get("og:title")),
        ("JSON-LD headline", _first(linked, "headline")),
        ("title", _line(tree.findtext(".//title"))),
    )
    publisher = _named(
        ("meta og:site_name", meta.get("og:site_name")), ("JSON-LD publisher", _first(linked, "publisher"))
    )
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return Metadata(
        title=title[1],
        publisher=publisher[1],
        published=published,
        published_field=field,
        language=_line(language),
        address=address,
        title_field=title[0],
        publisher_field=publisher[0],
        language_field="html lang",
    )


def _named(*values: tuple[str, str | None]) -> tuple[str | None, str | None]:
    """The first value that there is, with the name of its field."""
    return next((pair for pair in values if pair[1]), (None, None))


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _meta_elements(tree: Any) -> dict[str, str]:
    """The meta elements by lower-case property or name; the first of each counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = _line(element.get("content"))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _published(tree: Any, meta: dict[str, str], linked: list[dict[str, Any]]) -> tuple[str | None, str | None]:
    for name in _PUBLISHED_META[:2]:
        if name in meta:
            return meta[name], f"meta {name}"
    value = _first(linked, "datePublished")
    if value:
        return value, "JSON-LD datePublished"
    for name in _PUBLISHED_META[2:]:
        if name in meta:
            return meta[name], f"meta {name}"
    for element in tree.xpath("//*[@itemprop='datePublished']"):
        value = _line(element.get("datetime") or element.get("content"))
        if value:
            return value, "datePublished"
    return None, None


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of the page that speak about an article."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            value: object = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        pending: list[object] = [value]
        while pending:
            item = pending.pop(0)
            if isinstance(item, list):
                pending.extend(cast("list[object]", item))
            elif isinstance(item, dict):
                record = cast("dict[str, Any]", item)
                pending.append(record.get("@graph"))
                kinds = record.get("@type")
                if any(str(kind).endswith(("Article", "Posting", "Report")) for kind in _listed(kinds)):
                    yield record


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _first(records: list[dict[str, Any]], field: str) -> str | None:
    for record in records:
        for value in _listed(record.get(field)):
            named = cast("dict[str, object]", value).get("name") if isinstance(value, dict) else value
            if isinstance(named, str) and (line := _line(named)):
                return line
    return None
