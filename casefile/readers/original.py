"""The file as received: its bytes, its SHA-256 and the parts in which it is stored."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casefile.errors import Refused
from casefile.records import Sha256

if TYPE_CHECKING:
    from pathlib import Path

FILE_LIMIT = 512 * 1024 * 1024
"""Bytes. A larger file is refused: it would not fit the memory of a worker three times over."""

PART_SIZE = 1024 * 1024
_SMALL = 16 * 1024
_PROBE = 4 * PART_SIZE
_LEVEL = 1  # deflate's fastest: texts lose half their size at a third of the time of the default level
_KEPT_AT = 0.9

# Windows opens files as text otherwise; opening a named pipe must not wait for its writer.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes as the library stores them: `parts` in order, each at most 1 MiB before compression."""

    sha256: Sha256
    size: int
    parts: tuple[bytes, ...]
    compressed: bool


def load(path: Path) -> bytes:
    """Return the bytes of the file.

    Raises Refused: no_such_file, no_rights_to_read, not_a_file (a folder, pipe or device), unreadable_file (the disk
    says no), file_too_large, empty_file.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise refusal(path, error) from error
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise Refused("not_a_file", name=path.name)
        if state.st_size > FILE_LIMIT:
            raise Refused("file_too_large", name=path.name, limit=FILE_LIMIT // (1024 * 1024))
        data = _read_all(descriptor, state.st_size)
    except OSError as error:
        raise refusal(path, error) from error
    finally:
        os.close(descriptor)
    if not data:
        raise Refused("empty_file", name=path.name)
    return data


def refusal(path: Path, error: OSError) -> Refused:
    """The refusal that says in plain words why the file or folder could not be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Refused("no_such_file", name=path.name)
    if isinstance(error, PermissionError):
        return Refused("no_rights_to_read", name=path.name)
    if isinstance(error, IsADirectoryError):
        return Refused("not_a_file", name=path.name)
    return Refused("unreadable_file", name=path.name, reason=error.strerror or type(error).__name__)


def keep(data: bytes) -> Original:
    """Return the bytes cut into parts, as zlib streams where that saves at least a tenth of the whole."""
    sha256 = Sha256(hashlib.sha256(data).hexdigest())
    size = len(data)
    if size < _SMALL:
        # A 4 KiB window and a small hash table: setting up the default ones costs more than compressing.
        press = zlib.compressobj(_LEVEL, zlib.DEFLATED, 12, 6)
        parts: tuple[bytes, ...] | None = (press.compress(data) + press.flush(),)
        if len(parts[0]) > size * _KEPT_AT:
            parts = None
    else:
        parts = _compressed(data)
    if parts is not None:
        return Original(sha256, size, parts, compressed=True)
    if size <= PART_SIZE:
        return Original(sha256, size, (data,), compressed=False)
    return Original(
        sha256, size, tuple(data[start : start + PART_SIZE] for start in range(0, size, PART_SIZE)), compressed=False
    )


def unpacked(original: Original) -> bytes:
    """Return the bytes as they were received."""
    return b"".join(zlib.decompress(part) if original.compressed else part for part in original.parts)


def _read_all(descriptor: int, expected: int) -> bytes:
    # One read too many tells a file that is still growing; it must not grow past the limit either.
    pieces: list[bytes] = []
    left = FILE_LIMIT
    wanted = expected + 1
    while left > 0:
        piece = os.read(descriptor, min(wanted, left))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
        wanted = max(1, wanted - len(piece))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _compressed(data: bytes) -> tuple[bytes, ...] | None:
    size = len(data)
    limit = int(size * _KEPT_AT)
    view = memoryview(data)
    parts: list[bytes] = []
    done = 0
    for start in range(0, size, PART_SIZE):
        part = zlib.compress(view[start : start + PART_SIZE], _LEVEL)
        parts.append(part)
        done += len(part)
        read = min(start + PART_SIZE, size)
        # Pictures and films are compressed already: once 4 MiB have saved next to nothing, the rest is not tried.
        if done > limit or (read == _PROBE and done > 0.97 * read):
            return None
    return tuple(parts)
