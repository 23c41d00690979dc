"""The analyst's settings: one TOML file in the user's own folder, read by both floors."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from casefile.errors import CasefileError
from casefile.lock import user

FILE_NAME = "settings.toml"
FOLDER_VARIABLE = "CASEFILE_SETTINGS"
"""Names another folder for the settings: for a stick, a shared desk, or a test."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Who works here. `initials`, letters and digits, begin the numbers of what this analyst brings in."""

    analyst: str
    initials: str
    language: str = "en"


def folder() -> Path:
    """The folder of the settings file."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_config_dir("casefile", appauthor=False))


def load() -> Settings:
    """The settings; what the file leaves out comes from the user's name on this machine.

    Raises CasefileError "settings_unreadable" when the file is no TOML.
    """
    path = folder() / FILE_NAME
    values: dict[str, Any] = {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise CasefileError("settings_unreadable", path=str(path), reason=str(error)) from error
    analyst = str(values.get("analyst") or user())
    # A hyphen would end the initials early in a number, and the count would begin again.
    initials = "".join(filter(str.isalnum, str(values.get("initials") or "")))
    return Settings(analyst, initials or initials_of(analyst), str(values.get("language") or "en"))


def initials_of(name: str) -> str:
    """Initials of a name, of Latin letters: two to four capitals, "CF" where there are none."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in name).split() if word[0].isascii()]
    letters = [word[0] for word in words[:4]] if len(words) > 1 else list(words[0][:2]) if words else []
    found = "".join(letter for letter in letters if letter.isalpha()).upper()
    return found if len(found) > 1 else "CF"
