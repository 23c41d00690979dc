"""Where `casefile demo` puts the sample library: never over a file that it did not make itself."""

from __future__ import annotations

import errno
import json
import secrets
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from casefile.errors import CasefileError

MARK = ".casefile-demo.json"
"""In a folder that the command made: the names of library and brief. Written last, so the two are whole."""


@dataclass(frozen=True, slots=True)
class Made:
    """The sample library and its brief; `fresh` if they were made now."""

    library: Path
    brief: Path
    fresh: bool


def make(folder: Path, *, again: bool) -> Made:
    """Make the sample library and its brief in the folder.

    Where a sample library was made before it is left as it is, with all that was done in it since; `again` then makes
    another one beside it. Raises CasefileError "folder_not_empty" for a folder with files of other making, "no_rights",
    "disk_full".
    """
    folder = folder.expanduser().absolute()
    before = _made_before(folder)
    if before is not None and not again:
        return before
    if before is not None:
        folder = next(
            beside
            for beside in (folder.with_name(f"{folder.name}-{number}") for number in count(2))
            if not beside.exists()
        )
    return _build(folder)


def _made_before(folder: Path) -> Made | None:
    try:
        names: dict[str, Any] = json.loads((folder / MARK).read_text(encoding="utf-8"))
        made = Made(folder / str(names["library"]), folder / str(names["brief"]), fresh=False)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
    except OSError as error:
        raise CasefileError("no_rights", path=str(folder), reason=error.strerror or "") from error
    return made if made.library.is_file() and made.brief.is_file() else None


def _build(folder: Path) -> Made:
    from casefile import demo

    working = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}.part")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CasefileError("folder_not_empty", path=str(folder))
        working.mkdir(parents=True)
        library, brief = demo.build(working)
        names = {"library": library.name, "brief": brief.name}
        (working / MARK).write_text(json.dumps(names), encoding="utf-8")
        if folder.exists():
            for made in (library, brief, working / MARK):
                made.rename(folder / made.name)
        else:
            working.rename(folder)
    except OSError as error:
        code = "disk_full" if error.errno == errno.ENOSPC else "no_rights"
        raise CasefileError(code, path=str(folder), reason=error.strerror or "") from error
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return Made(folder / library.name, folder / brief.name, fresh=True)
