import random
import time
import unicodedata
from dataclasses import replace

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from casefile.errors import CasefileError
from casefile.records import Passage, Sha256
from casefile.text import canonical, passages

FAMILY = "👨‍👩‍👧"
CLUSTERS = st.sampled_from(
    ["a", " ", "\n", "e\u0301", "กำ", "ที่", "ស្ជា", "中", FAMILY, "👮🏽", "🇹🇭", "🇰🇭", "가", "क्ष", "\u0600x"]
)
WORDS = (
    "patrol harbour quietly warehouse ledger driver northern bridge seven crates morning witness stamped engine river "
    "market signal copper lantern village courier ordered painted window folded treaty hollow orchard meadow"
)


def story(seed, sentences=60):
    pick = random.Random(seed)
    words = WORDS.split()
    return "\n\n".join(
        " ".join(f"{' '.join(pick.choice(words) for _ in range(pick.randint(6, 14)))}.".capitalize() for _ in range(4))
        for _ in range(sentences // 4)
    )


def some_passages(text, seed, count=30):
    pick = random.Random(seed)
    for _ in range(count):
        start = pick.randrange(len(text) - 130)
        yield passages.at(text, start, start + pick.choice([14, 40, 120]))


def code(call, *arguments, **options):
    with pytest.raises(CasefileError) as told:
        call(*arguments, **options)
    assert str(told.value) != told.value.code
    return told.value.code


def test_a_passage_names_its_text_and_keeps_its_surroundings():
    text = f"{'x' * 40} ตำรวจ 👮 said {'y' * 40}"
    passage = passages.at(text, 41, 53, page=3, box=(1, 2, 3, 4))
    assert passage == Passage(
        text=canonical.digest(text),
        start=41,
        stop=53,
        exact="ตำรวจ 👮 said",
        prefix="x" * 31 + " ",
        suffix=" " + "y" * 31,
        page=3,
        box=(1, 2, 3, 4),
    )


def test_white_space_at_the_ends_is_left_out():
    passage = passages.at("one \n two\u00a0 three", 3, 11)
    assert (passage.start, passage.stop, passage.exact) == (6, 9, "two")


@pytest.mark.parametrize(
    ("text", "start", "stop", "exact"),
    [
        ("ตำรวจ", 1, 4, "ตำรว"),
        ("ก่ำ", 0, 1, "ก่ำ"),
        ("e\u0301t\u0301a", 1, 3, "e\u0301t\u0301"),
        (f"a{FAMILY}b", 2, 3, FAMILY),
        ("🇹🇭🇰🇭", 1, 2, "🇹🇭"),
        ("ស្ជា ក", 1, 2, "ស្ជា"),
    ],
)
def test_a_passage_holds_whole_clusters(text, start, stop, exact):
    assert passages.at(text, start, stop).exact == exact


@given(st.lists(CLUSTERS, min_size=1, max_size=40).map("".join), st.data())
def test_borders_are_those_of_the_whole_text(text, data):
    position = data.draw(st.integers(0, len(text)))
    borders = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    assert passages.is_border(text, position) == (position in borders)


@given(st.lists(CLUSTERS, min_size=1, max_size=30).map("".join), st.data())
def test_a_passage_is_what_stands_between_its_offsets_and_is_stable(text, data):
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    if not text[start:stop].strip():
        assert code(passages.at, text, start, stop) == "empty_passage"
        return
    passage = passages.at(text, start, stop)
    assert text[passage.start : passage.stop] == passage.exact
    assert text.startswith(passage.prefix + passage.exact + passage.suffix, passage.start - len(passage.prefix))
    assert passages.at(text, passage.start, passage.stop) == passage
    assert passages.from_json(passages.to_json(passage)) == passage


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (0, 4), (2, 1)])
def test_a_passage_outside_the_text_is_refused(start, stop):
    assert code(passages.at, "abc", start, stop) == "outside_text"


def test_a_blank_passage_is_refused():
    assert code(passages.at, "a  b", 1, 3) == "empty_passage"
    assert code(passages.at, "abc", 1, 1) == "empty_passage"
    assert code(passages.quote, "abc", " \n") == "empty_passage"


def test_a_quote_is_found_where_it_stands():
    assert passages.quote("ก ตำรวจ ข", " ตำรวจ ").start == 2


@pytest.mark.parametrize(
    ("text", "wanted", "exact"),
    [
        ("the Royal\n\n  Navy left", "Royal Navy", "Royal\n\n  Navy"),
        ("the Royal Navy left", "Royal\nNavy", "Royal Navy"),
        (unicodedata.normalize("NFD", "ở Đắk Lắk nay"), "Đắk Lắk", unicodedata.normalize("NFD", "Đắk Lắk")),
        ("ở Đắk Lắk nay", unicodedata.normalize("NFD", "Đắk Lắk"), "Đắk Lắk"),
        ("พบสม\nชายที่บ้าน", "สมชาย", "สม\nชาย"),
        ("他们在\n北京逮捕", "在北京", "在\n北京"),
        ("👮🏽 cafe\u0301\u00a0 noir", "café noir", "cafe\u0301\u00a0 noir"),
    ],
)
def test_a_quote_is_found_whatever_its_white_space_and_composition(text, wanted, exact):
    assert passages.quote(text, wanted).exact == exact


def test_a_quote_differing_in_case_or_marks_is_not_found():
    assert code(passages.quote, "the Royal Navy", "royal navy") == "quote_not_found"
    assert code(passages.quote, "cafe\u0301", "cafe") == "quote_not_found"
    assert code(passages.quote, "café", "cafe") == "quote_not_found"


def test_a_quote_that_stands_twice_must_be_chosen():
    text = "gold here, gold there, gold"
    with pytest.raises(CasefileError) as told:
        passages.quote(text, "gold")
    assert (told.value.code, told.value.values) == ("quote_ambiguous", {"count": 3})
    assert [passages.quote(text, "gold", occurrence=n).start for n in (1, 2, 3)] == [0, 11, 23]
    assert code(passages.quote, text, "gold", occurrence=4) == "quote_not_found"
    assert code(passages.quote, text, "gold", occurrence=0) == "quote_not_found"


@pytest.mark.parametrize(
    ("passage", "stored"),
    [
        (Passage(Sha256("ab" * 32), 2, 5, "กำ\n", "“x", '"'), f'["{"ab" * 32}",2,5,"กำ\\n","“x","\\""]'),
        (Passage(Sha256("ab" * 32), 0, 1, "a", page=4), f'["{"ab" * 32}",0,1,"a","","",4]'),
        (
            Passage(Sha256("ab" * 32), 0, 0, "", box=(0, 1, 999999, 1000000)),
            f'["{"ab" * 32}",0,0,"","","",null,[0,1,999999,1000000]]',
        ),
        (
            Passage(Sha256("ab" * 32), 0, 0, "", page=1, box=(1, 2, 3, 4)),
            f'["{"ab" * 32}",0,0,"","","",1,[1,2,3,4]]',
        ),
    ],
)
def test_a_passage_is_stored_in_this_form_for_ever(passage, stored):
    assert passages.to_json(passage) == stored
    assert passages.from_json(stored) == passage


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "null",
        "{}",
        '["t",0,1,"a",""]',
        '["t",0,2,"a","",""]',
        '["t",-1,0,"a","",""]',
        '["t","0",1,"a","",""]',
        '["t",0,1,"a","","",1,[1,2,3]]',
        '["t",0,1,"a","","",1,[1,2,3,4],5]',
    ],
)
def test_a_damaged_passage_is_told(stored):
    assert code(passages.from_json, stored) == "passage_damaged"


def test_an_unchanged_text_keeps_every_passage():
    text = story(1)
    for passage in some_passages(text, 1):
        assert passages.reanchor(text, text, passage) == passages.Placed(passage, 100, "exact")


def test_a_passage_follows_what_was_put_before_it():
    text = story(2)
    new = "Printed by the Harbour Gazette\n\n" + text
    for passage in some_passages(text, 2):
        placed = passages.reanchor(text, new, passage)
        assert placed is not None
        assert (placed.passage.start, placed.similarity, placed.way) == (passage.start + 32, 100, "exact")
        assert placed.passage.text == canonical.digest(new)


def test_a_passage_follows_into_another_composition():
    text = "Công an tỉnh Đắk Lắk khám xét một tòa nhà. " + story(3, 8) + " Họ tìm thấy tiền mặt."
    new = unicodedata.normalize("NFD", text)
    passage = passages.quote(text, "tỉnh Đắk Lắk khám xét")
    placed = passages.reanchor(text, new, passage)
    assert placed is not None
    assert placed.passage.exact == unicodedata.normalize("NFD", passage.exact)
    assert placed.similarity == 100


def test_a_passage_follows_through_typing_mistakes():
    text = story(4)
    pick = random.Random(4)
    places = []
    new = ""
    for char in text:
        places.append(len(new))
        new += char if pick.random() > 0.03 else pick.choice(["", "z", char + char])
    right = 0
    for passage in some_passages(text, 4, 60):
        placed = passages.reanchor(text, new, passage)
        right += placed is not None and abs(placed.passage.start - places[passage.start]) <= 2
    assert right >= 59


def test_a_passage_stays_with_its_context_when_it_is_repeated_elsewhere():
    text = story(5)
    for passage in some_passages(text, 5):
        new = f"Summary: {passage.exact}\n\n{text}"
        placed = passages.reanchor(text, new, passage)
        assert placed is not None
        assert placed.passage.start == passage.start + len(new) - len(text)


def test_a_passage_follows_when_its_sentences_change_places():
    text = story(6)
    parts = text.split("\n\n")
    new = "\n\n".join(reversed(parts))
    sentence = parts[3].split(". ")[1].replace("e", "E", 1)
    passage = passages.quote(text, parts[3].split(". ")[1])
    placed = passages.reanchor(text, new.replace(passage.exact, sentence), passage)
    assert placed is not None
    assert placed.passage.exact == sentence
    assert (placed.way, placed.similarity) == ("likeness", round(100 - 100 / len(sentence)))


def test_the_twin_sentence_of_an_unchanged_context_is_not_taken():
    paragraph = "Seven crates were stamped. The driver ordered copper lanterns. Nobody signed the ledger."
    text = f"{paragraph}\n\n{paragraph}"
    passage = passages.quote(text, "The driver ordered copper lanterns.", occurrence=2)
    placed = passages.reanchor(text, f"Heading\n\n{text}", passage)
    assert placed is not None
    assert placed.passage.start == passage.start + 9


def test_a_passage_that_is_gone_is_not_placed():
    text = story(7)
    passage = passages.quote(text, text[200:320].strip())
    assert passages.reanchor(text, text.replace(passage.exact, ""), passage) is None
    assert passages.reanchor(text, "", passage) is None
    assert passages.reanchor(text, "ตำรวจ" * 40, passage) is None


def test_a_short_name_elsewhere_is_not_taken_for_the_one_that_is_gone():
    text = "At the bridge Arun met two drivers near the river. " + story(8, 12)
    passage = passages.quote(text, "Arun")
    new = text[51:] + " Much later a letter for Arun came from the northern village."
    assert passages.reanchor(text, new, passage) is None


def test_page_and_box_go_along_and_a_region_stays_as_it_is():
    region = Passage(Sha256("cd" * 32), 0, 0, "", page=2, box=(1, 2, 3, 4))
    assert passages.reanchor("a", "b", region) == passages.Placed(region, 100, "exact")
    passage = replace(passages.quote("one two three", "two"), page=2, box=(1, 2, 3, 4))
    placed = passages.reanchor("one two three", "so one two three", passage)
    assert placed is not None
    assert (placed.passage.page, placed.passage.box) == (2, (1, 2, 3, 4))


def test_a_long_text_is_placed_in_seconds():
    text = story(9, 1200)[:90_000]
    new = text.replace("copper", "coper").replace("river", "rivers")
    start = time.process_time()
    placed = [passages.reanchor(text, new, passage) for passage in some_passages(text, 9)]
    assert None not in placed
    assert time.process_time() - start < 5
