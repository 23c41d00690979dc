"""Digest v1 is frozen: these values were worked out by other code and must never change. docs/format.md §7.3."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.custody import CommitHead, Value, canonical_json, commit_id, value_digest
from casefile.records import CommitId

SALT = bytes(range(16))
ARTICLE = "018f0000-0000-7000-8000-00000000000a"
NOTE = "018f0000-0000-7000-8000-00000000000b"
SECOND = "ab70ba2edba1e41e3bf3c65116f95d176ce9939c077621828c4fd63d00ca57be"


@pytest.mark.parametrize(
    ("value", "digest"),
    [
        (None, "898e70651ca9d8699b57be6d4674d873ff586fc3124fc54daa57922661a3306b"),
        (0, "0a0c2b04b31e0c0aaa0851bda41024a8ba5d915f0bbba44208e608e0ac791e4e"),
        (1, "86edcfd515c93be35d05a625d83ee263e5ee7dd8e43a87de4fe340861ab70637"),
        (-7, "73bd3caa900c878962f373209490f880691e3d2c010b32eb3b8d9e008f5ea155"),
        (2**53, "dc6bdb9c850862ab9560d231f67d8466210e9e214266a4acd8426b5f4dd576e3"),
        ("", "91c57f75e3fbb14c67feb8e17b5dfed0646dbdd8e943d6909e83146fce0e2f73"),
        ("1", "e8f998d4e33d60c39950fb034c3342039107dd4d2d95adc9f2183f2abd4aab93"),
        ("n", "93d82b0c85cd34cfbd3c2178a95e31d6ea76671a91a667fd83daea4e42e52fc9"),
        ("ด่านปอยเปต", "8c6c069fecb32402d884095926113b6ea6e0d3b910c6f0d1e79aa651fbaf5ad4"),
        ("ប៉ោយប៉ែត", "001e275ea7b51055fd4540dd2edd0e0273ed0bb6cc6b105c8172593eb673b11d"),
        ("西港", "2bde25a833518c505cccef8f7578a044546aee98e8c51807ee5542b9fcc5c293"),
        ("e\u0301", "666a1d4b21f751742a6d2b636eb431da85e0c833b0755ed62bf8460df45bb1ea"),
        ("🙂", "88fca6776360677428af1d0dbf1900bd7bfdb01caf48dea2f6d8c8df80975ba8"),
        ('a\r\nb\t"\\\x7f\u2028', "3a4a3a97353ee8271e5226994400b192f7c0d2f45bb309acf8bfd2087354692f"),
    ],
)
def test_the_digest_of_a_value_is_frozen(value: Value, digest: str) -> None:
    assert value_digest(SALT, value).hex() == digest


def test_the_id_of_a_first_commit_without_changes_is_frozen() -> None:
    head = CommitHead(1, (), 1, "2026-11-22T02:30:19Z", "Tan K", "opened", {"job": "j1"})
    assert commit_id(head, [], []) == "599af2715c3ec14e9d11cb84ac349a959793467991d6b53f395f868f98a41668"


def test_the_id_of_a_commit_with_thai_null_and_numbers_is_frozen() -> None:
    head = CommitHead(1, (), 1, "2026-11-22T02:30:19Z", "ตันติกร", "article.import", {"job": "j1", "n": 2})
    changes = [
        ("articles", ARTICLE, "title", value_digest(SALT, "ด่านปอยเปต")),
        ("articles", ARTICLE, "deleted", value_digest(SALT[::-1], 0)),
        ("sources", NOTE, "party", value_digest(SALT, 1)),
        ("articles", ARTICLE, "place", value_digest(SALT, None)),
    ]
    assert commit_id(head, changes, []) == SECOND
    assert commit_id(head, reversed(changes), []) == SECOND


def test_the_id_of_a_commit_with_two_parents_and_tombstones_is_frozen() -> None:
    parents = (CommitId(SECOND), CommitId("f" * 64))
    params = {"job": "j2", "a": 1, "ก": "x", "Z": 2}
    tombstones = [("notes", NOTE, "comment"), ("articles", ARTICLE, "title")]
    changes = [("notes", NOTE, "deleted", value_digest(SALT, 1))]
    for order in (1, -1):
        head = CommitHead(
            1,
            parents[::order],
            9,
            "2026-11-22T02:30:19Z",
            'Sok "P" \u2028\t',
            "erase",
            dict([*params.items()][::order]),
        )
        made = commit_id(head, changes, tombstones[::order])
        assert made == "e74b8196964fb6deeb4bd579bf9fc5ebaca5ae4c6f7173b83eb4c5376ba96f06"


HEAD: dict[str, Any] = {
    "schema": 1,
    "parents": (CommitId(SECOND),),
    "counter": 2,
    "time": "2026-11-22T02:30:19Z",
    "analyst": "Tan K",
    "action": "note.add",
    "params": {"job": "j"},
}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("schema", 2),
        ("parents", ()),
        ("counter", 3),
        ("time", "2026-11-22T02:30:20Z"),
        ("analyst", "Tan K "),
        ("action", "note.edit"),
        ("params", {"job": "k"}),
    ],
)
def test_every_part_of_a_commit_is_in_its_id(part: str, value: object) -> None:
    digests = [("notes", NOTE, "comment", value_digest(SALT, "x"))]
    assert commit_id(CommitHead(**HEAD), digests, []) != commit_id(CommitHead(**{**HEAD, part: value}), digests, [])


def test_a_value_its_cell_and_a_tombstone_are_in_the_id() -> None:
    head = CommitHead(**HEAD)
    digest = value_digest(SALT, "x")
    made = {
        commit_id(head, [("notes", NOTE, "comment", digest)], []),
        commit_id(head, [("notes", NOTE, "label", digest)], []),
        commit_id(head, [("notes", ARTICLE, "comment", digest)], []),
        commit_id(head, [("notes", NOTE, "comment", value_digest(SALT, "y"))], []),
        commit_id(head, [("notes", NOTE, "comment", value_digest(SALT[::-1], "x"))], []),
        commit_id(head, [("notes", NOTE, "comment", digest)], [("notes", NOTE, "comment")]),
        commit_id(head, [], []),
    }
    assert len(made) == 7


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_is_the_one_that_the_format_describes(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert canonical_json(value) == written
