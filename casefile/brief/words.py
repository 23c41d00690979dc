"""The words that the page adds to the analyst's (headings, labels, months), in the brief's own language.

They are data, one file a language: resources/word/words. A language without a file is served in English.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache

from casefile import resources


class Words:
    """The page's words in one language."""

    def __init__(self, language: str) -> None:
        self._table = _table(language.partition("-")[0].lower())

    def __call__(self, code: str, **values: str | int) -> str:
        """The word or phrase of that code with the values put in; values are data and never read as phrases."""
        return self._table[code].format_map(values)

    def kind(self, code: str) -> str:
        """The heading for tags of one kind; a kind that the user added is its own heading."""
        return self._table.get(f"tags_{code}", code[:1].upper() + code[1:])

    def moment(self, iso: str) -> str:
        """A moment in words, in UTC and to the minute, from ISO 8601 (without an offset it is UTC).

        A day alone stays a day: no hour is made up. What is not ISO 8601 is given as it is.
        """
        try:
            moment = utc(iso)
        except ValueError:
            return iso
        day = f"{moment.day} {self._table['months'].split()[moment.month - 1]} {moment.year}"
        return day if len(iso) == len("2024-02-29") else f"{day}, {moment:%H:%M} UTC"


def utc(iso: str) -> datetime:
    """The moment that ISO 8601 text names, in UTC; without an offset it is taken as UTC."""
    moment = datetime.fromisoformat(iso)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@cache
def _table(language: str) -> dict[str, str]:
    known = {file.stem for file in resources.path("word", "words").glob("*.toml")}
    english: dict[str, str] = tomllib.loads(resources.text("word", "words", "en.toml"))
    if language not in known:
        return english
    return english | tomllib.loads(resources.text("word", "words", f"{language}.toml"))
