"""Which tag a merged tag stands for: chains of `merged_into` resolved, cycles too. docs/format.md §10."""

from __future__ import annotations

from casefile.changes import Changes
from casefile.driver import Connection

#: What each merged tag points at. A tag whose root was put in the Bin, or was never made after all because its making
#: was undone, stands for itself again: nothing that was made with it disappears along with the other.
POINTERS = (
    "SELECT t.id, t.merged_into FROM tags t JOIN tags r ON r.id = t.merged_into AND r.deleted = 0 "
    "WHERE t.merged_into <> t.id"
)


def roots(merged_into: dict[str, str]) -> dict[str, str]:
    """The root of every merged tag. A chain ends at the tag that is not merged; a cycle at its smallest id."""
    found: dict[str, str] = {}
    for tag in merged_into:
        path: list[str] = []
        at = tag
        while at in merged_into and at not in path and at not in found:
            path.append(at)
            at = merged_into[at]
        if at in found:
            root = found[at]
        elif at in path:
            root = min(path[path.index(at) :])
        else:
            root = at
        found.update(dict.fromkeys(path, root))
    return found


def follow(connection: Connection, changes: Changes) -> None:
    """Bring `tag_roots` up to date after a step; inside its transaction."""
    if not changes.touches("tags"):
        return
    merged: dict[str, str] = dict(connection.execute(POINTERS))
    connection.execute("DELETE FROM tag_roots")
    connection.executemany("INSERT INTO tag_roots VALUES (?, ?)", list(roots(merged).items()))
