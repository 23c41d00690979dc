import time
import uuid

from casefile import identity


def test_the_same_parts_give_the_same_id_for_ever():
    assert identity.derived("article", "ตำรวจ") == "528f94ff-8b7e-511f-a91c-44055e9a768f"


def test_the_border_between_parts_counts():
    assert identity.derived("a", "bc") != identity.derived("ab", "c")


def test_a_fresh_id_is_a_version_7_uuid_of_this_millisecond():
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(identity.fresh())
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after


def test_fresh_ids_do_not_repeat():
    assert len({identity.fresh() for _ in range(2000)}) == 2000
