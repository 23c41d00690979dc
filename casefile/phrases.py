"""Codes turned into sentences, one table a language (resources/phrases/<language>.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from casefile import resources

LANGUAGE = "en"


@cache
def _table(language: str) -> dict[str, Any]:
    return tomllib.loads(resources.text("phrases", f"{language}.toml"))


def _sentence(section: str, code: str, values: dict[str, str | int]) -> str:
    table: dict[str, str] = _table(LANGUAGE).get(section, {})
    # English has a singular: where there is a sentence for one, it is used for one.
    template = (table.get(f"{code}.one") if values.get("n") == 1 else None) or table.get(code)
    if template is None:
        return code if not values else f"{code} ({', '.join(f'{k}: {v}' for k, v in values.items())})"
    return template.format_map({k: str(v) for k, v in values.items()})


def error(code: str, values: dict[str, str | int]) -> str:
    """The sentence for an error code: what happened, what was kept, what to do next."""
    return _sentence("errors", code, values)


def warning(code: str, values: dict[str, str | int] | None = None) -> str:
    """The sentence for a warning that is kept with a case file."""
    return _sentence("warnings", code, values or {})


def action(code: str, values: dict[str, str | int] | None = None) -> str:
    """The name of an action, as Undo and History show it."""
    return _sentence("actions", code, values or {})


def problem(code: str, values: dict[str, str | int] | None = None) -> str:
    """The sentence for something that verifying found."""
    return _sentence("problems", code, values or {})


def command(code: str, values: dict[str, str | int] | None = None) -> str:
    """What the `casefile` command says of its work."""
    return _sentence("command", code, values or {})


def sentence(section: str, code: str) -> str:
    """The sentence as it is written, with its placeholders. Raises KeyError for a code without one."""
    return str(_table(LANGUAGE)[section][code])


def codes(section: str) -> frozenset[str]:
    """Every code that the section (errors, warnings, actions…) has a sentence for."""
    return frozenset(_table(LANGUAGE).get(section, {}))


def word(section: str, code: str) -> str:
    """One word or short phrase from a section such as kinds, states or bases."""
    return _sentence(section, code, {})
