"""A made corpus of any size: article i depends on the seed and i alone, so a small corpus begins every larger one.

The definitions are those of the project's measuring set: texts of 2,000 to 3,000 bytes, 84 % English-like words of a
Zipf vocabulary, 10 % Thai, 3 % Khmer, 3 % Chinese; 5,000 people, 500 agencies and 200 operations named with Zipf
frequency, a third of the time in another spelling; one article in twenty nearly another. Title line, source and date
line, blank line, body.
"""

from __future__ import annotations

import argparse
import bisect
import datetime
import itertools
import random
from pathlib import Path

_ONSETS = "b br ch d dr f g gr h j k kr l m n p pr qu r s sh st t th tr v w y z".split()
_VOWELS = "a e i o u ai au ea ia io oa ou".split()
_CODAS = ["", "", "", "n", "r", "s", "l", "m", "ng", "t", "k"]
_FREQUENT = (
    "the of and to in a was for on that with said by as from at is he she it were had have been this who after not "
    "police court border money accounts network raid compound victims arrested warrants ministry statement bank "
    "province country officers investigators evidence company trafficking scam call centre gang operation"
).split()
_THAI = ("กขคงจชซดตถทธนบปผพฟมยรลวสหอ", ("า", "ี", "ิ", "ู", "ุ", "ื", "ำ", "ัน", "่า", "้ง"))
_KHMER = ("កខគងចឆជញដតថទធនបផពភមយរលវសហអ", ("ា", "ិ", "ី", "ុ", "ូ", "េ", "ៃ", "ោ", "ំ", "្រ"))
_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
_PLACES = "Harbour Vale,Old Ferry,Tamarind Hill,North Quay,Lotus Bend,Stone Bridge,Mill Crossing,Palm Landing".split(
    ","
)
_OUTLETS = [f"{a} {b}" for a in ("Delta", "Hill", "Coast", "River", "Border") for b in ("Wire", "Ledger", "Courier")]


def _zipf(size: int, power: float = 1.0) -> list[float]:
    return list(itertools.accumulate((rank + 1) ** -power for rank in range(size)))


class World:
    """The vocabulary and the names that all articles of a seed share."""

    def __init__(self, seed: int = 7) -> None:
        self.seed = seed
        chance = random.Random(f"{seed}/world")
        words = dict.fromkeys(_FREQUENT)
        while len(words) < 30_000:
            words[self._word(chance, 2, 4)] = None
        self._words, self._word_weights = list(words), _zipf(len(words), 1.02)
        self._unspaced = {
            "th": [self._syllables(chance, _THAI) for _ in range(8000)],
            "km": [self._syllables(chance, _KHMER) for _ in range(8000)],
            "zh": ["".join(chance.choice(_HAN) for _ in range(chance.randint(1, 3))) for _ in range(8000)],
        }
        self._unspaced_weights = _zipf(8000)
        people = [(self._word(chance, 1, 2).title(), self._word(chance, 2, 3).title()) for _ in range(5000)]
        agencies = [self._word(chance, 2, 3).title() for _ in range(500)]
        operations = [self._word(chance, 2, 3).title() for _ in range(200)]
        self.names = {
            "person": [(f"{a} {b}", f"{a[0]}. {b}", f"{b}, {a}", f"{a} {b[:-1]}") for a, b in people],
            "agency": [(f"{a} Customs Bureau", f"{a[:3].upper()}CB", f"the {a} Bureau") for a in agencies],
            "operation": [(f"Operation {a} Shield", f"Op {a} Shield", f"{a} Shield") for a in operations],
        }
        self._name_weights = {kind: _zipf(len(names)) for kind, names in self.names.items()}

    @staticmethod
    def _word(chance: random.Random, low: int, high: int) -> str:
        return "".join(
            chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)
            for _ in range(chance.randint(low, high))
        )

    @staticmethod
    def _syllables(chance: random.Random, script: tuple[str, tuple[str, ...]]) -> str:
        return "".join(chance.choice(script[0]) + chance.choice(script[1]) for _ in range(chance.randint(1, 4)))

    def _name(self, chance: random.Random) -> str:
        kind = chance.choices(("person", "agency", "operation"), (60, 25, 15))[0]
        weights = self._name_weights[kind]
        spellings = self.names[kind][bisect.bisect_left(weights, chance.random() * weights[-1])]
        return spellings[0] if chance.random() < 0.65 else chance.choice(spellings[1:])

    def _sentence(self, chance: random.Random, language: str) -> str:
        count = chance.randint(10, 26)
        if language == "en":
            words = chance.choices(self._words, cum_weights=self._word_weights, k=count)
        else:
            words = chance.choices(self._unspaced[language], cum_weights=self._unspaced_weights, k=count)
        if chance.random() < 0.55:
            name = self._name(chance)
            words.insert(chance.randrange(count), name if language == "en" else f" {name} ")
        if language == "en":
            sentence = " ".join(words)
            return f"{sentence[0].upper()}{sentence[1:]}."
        return "".join(words) + ("。" if language == "zh" else " ")

    def article(self, i: int, *, near: bool = True) -> tuple[str, str, str, str]:
        """Title, outlet, ISO date and body of article i."""
        chance = random.Random(f"{self.seed}/{i}")
        if near and i > 20 and chance.random() < 0.05:
            title, _, day, body = self.article(chance.randrange(max(0, i - 5000), i), near=False)
            return title, chance.choice(_OUTLETS), day, f"{body} {self._sentence(chance, 'en')}"
        language = chance.choices(("en", "th", "km", "zh"), (84, 10, 3, 3))[0]
        target = chance.randint(2000, 3000)
        paragraphs: list[str] = []
        size = 0
        while size < target:
            paragraph = " ".join(self._sentence(chance, language) for _ in range(chance.randint(2, 4)))
            paragraphs.append(paragraph)
            size += len(paragraph.encode()) + 2
        title = self._sentence(chance, language)[:60].strip()
        day = datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randrange(4000))
        if language == "en":
            paragraphs[0] = f"{chance.choice(_PLACES)} — {paragraphs[0]}"
        return title, chance.choice(_OUTLETS), day.isoformat(), "\n\n".join(paragraphs)


def write(count: int, folder: Path, seed: int = 7) -> None:
    """Write articles 0 to count - 1 as text files, a thousand a folder; files that are there stay."""
    world = World(seed)
    for i in range(count):
        place = folder / f"{i // 1000:03d}" / f"{i:06d}.txt"
        if i % 1000 == 0:
            place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            title, outlet, day, body = world.article(i)
            place.write_text(f"{title}\n{outlet} | {day}\n\n{body}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a made corpus of text files.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    write(given.count, given.folder)
