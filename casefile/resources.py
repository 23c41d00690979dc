"""Where the program's own files lie: phrases, schemes, styles, the Word template and the samples.

In an installed wheel they travel inside the package (`casefile/resources`, `casefile/samples`); in a checkout they
stand at the top level, beside the package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def folder(name: str) -> Path:
    """The folder `resources` or `samples`, as an absolute path."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def path(*parts: str) -> Path:
    """The absolute path of one resource."""
    return folder("resources").joinpath(*parts)


def text(*parts: str) -> str:
    """The text of one resource, read as UTF-8."""
    return path(*parts).read_text(encoding="utf-8")
