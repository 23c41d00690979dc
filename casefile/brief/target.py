"""A file put in place whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from casefile.errors import CasefileError

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_MISSING = {errno.ENOENT, errno.ENOTDIR}
#: Windows: another program holds the file open (ERROR_ACCESS_DENIED on replacing it, ERROR_SHARING_VIOLATION).
_HELD_BY_ANOTHER = {5, 32}


def put(path: Path, content: bytes) -> None:
    """Write the bytes beside the target, on to the disk, and then in its place; links are followed.

    On any failure the target is as it was and nothing else stays behind. Raises `disk_full`, `no_rights`,
    `target_busy`, `folder_missing`, else `write_failed` with the system's reason.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".casefile-{secrets.token_hex(8)}.tmp")
    replacing = False
    try:
        try:
            # The new file has the rights that the folder gives, or those of the file whose place it takes.
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
            replacing = True
            beside.replace(target)
            _settle(target.parent)
        finally:
            with suppress(FileNotFoundError, NotADirectoryError):
                beside.unlink()
    except OSError as error:
        raise CasefileError(_code(error, replacing), path=path.name, reason=error.strerror or str(error)) from error


def _settle(folder: Path) -> None:
    # The new name is on the disk only when its folder is; Windows has no such call and needs none.
    if os.name == "posix":
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def _code(error: OSError, replacing: bool) -> str:
    if replacing and getattr(error, "winerror", None) in _HELD_BY_ANOTHER:
        return "target_busy"
    if error.errno in _FULL:
        return "disk_full"
    if error.errno in _FORBIDDEN:
        return "no_rights"
    return "folder_missing" if error.errno in _MISSING else "write_failed"
