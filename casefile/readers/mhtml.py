"""Web pages saved as one file by a browser: MHTML (RFC 2557)."""

from __future__ import annotations

import email.message
import email.policy
import email.utils
from dataclasses import replace
from datetime import UTC

from casefile.errors import Refused
from casefile.readers import html
from casefile.readers.reading import Reading

NAME = "mhtml"


def read(data: bytes, name: str) -> Reading:
    """Return the reading of the page inside; raises Refused damaged_mhtml if it holds none."""
    # compat32 keeps headers as they stand; the newer policies parse them and raise on some malformed ones.
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    page = _page(message)
    payload = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(payload, bytes):
        raise Refused("damaged_mhtml", name=name)
    # Chrome's parts name no charset, and get_content() then reads them as ASCII.
    reading = html.read_page(html.decode(payload, page.get_content_charset()), name, NAME)
    address = html.web_address(_header(message, "Snapshot-Content-Location"))
    address = address or html.web_address(_header(page, "Content-Location")) or reading.address
    metadata = replace(reading.metadata, address=address) if reading.metadata is not None else None
    captured = _utc(_header(message, "Date"))
    if captured is None:
        return replace(reading, address=address, metadata=metadata)
    return replace(
        reading, address=address, metadata=metadata, captured=captured, captured_from="Date header of the MHTML file"
    )


def _page(message: email.message.Message) -> email.message.Message | None:
    start = message.get_param("start")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    named = [part for part in pages if isinstance(start, str) and _header(part, "Content-ID") == start]
    return next(iter(named or pages), None)


def _header(part: email.message.Message, name: str) -> str:
    return "".join(str(part.get(name, "")).split()) if name != "Date" else str(part.get(name, ""))


def _utc(date: str) -> str | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
        # Without an offset (or with -0000) the moment is not known.
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment.tzinfo is not None else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
