"""Gradings, markings and likelihood scales, read from resources/schemes: one TOML file a scheme, never `if` chains.

A scheme says what its axes mean; nothing here converts a grade or term of one scheme into another's. Agencies add
files of their own beside ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from casefile import resources
from casefile.errors import CasefileError


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of an axis: its letter or digit, and its words. `asks_for` names what must be filled in with it."""

    code: str
    words: str
    asks_for: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One judgement of a grading; `of` says what it is a judgement of: a `source` or a `case file`."""

    code: str
    name: str
    of: str
    grades: tuple[Grade, ...]

    def words(self, code: str) -> str:
        """The words of a grade. Raises `unknown_grade`."""
        for grade in self.grades:
            if grade.code == code:
                return grade.words
        raise CasefileError("unknown_grade", grade=code, scheme=self.name)


@dataclass(frozen=True, slots=True)
class Grading:
    """A scheme that grades sources and information, each axis apart."""

    name: str
    source: str
    axes: tuple[Axis, ...]

    def parse(self, text: str) -> tuple[str, ...]:
        """The grade's codes, one an axis, from a text such as `B2`; small letters and spaces are forgiven.

        Raises `unknown_grade` for anything else: "not graded" is no grade.
        """
        codes = "".join(text.split()).upper()
        if len(codes) != len(self.axes) or not all(
            code in {grade.code for grade in axis.grades} for code, axis in zip(codes, self.axes, strict=True)
        ):
            raise CasefileError("unknown_grade", grade=text, scheme=self.name)
        return tuple(codes)


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a marking: `colour` of its text on the scheme's background, and who may have what bears it."""

    code: str
    colour: str
    audience: str
    asks_for: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marking:
    """A scheme of labels that say how far a thing may be passed on, strictest first."""

    name: str
    source: str
    background: str
    labels: tuple[Label, ...]

    def label(self, code: str) -> Label:
        """The label of that code or of an older name of it (TLP:WHITE is TLP:CLEAR). Raises `unknown_marking`."""
        plain = code.strip().upper()
        for label in self.labels:
            if plain == label.code or plain in label.also:
                return label
        raise CasefileError("unknown_marking", marking=code, scheme=self.name)

    def strictest(self, codes: Iterable[str]) -> str:
        """The strictest of the labels, in its present spelling; of none, the label that everyone may have.

        Raises `unknown_marking` if any of them is no label of this scheme: what can't be ranked is not guessed.
        """
        rank = {label: place for place, label in enumerate(self.labels)}
        return min((self.label(code) for code in codes), key=rank.__getitem__, default=self.labels[-1]).code


@dataclass(frozen=True, slots=True)
class Term:
    """A likelihood in words that mean the same, and its range in percent, both ends included unless said."""

    words: tuple[str, ...]
    low: int
    high: int
    high_excluded: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Words of estimative probability, least likely first; `confidence` are the levels, where the scheme has them."""

    name: str
    source: str
    terms: tuple[Term, ...]
    confidence: tuple[str, ...] = ()


DEFAULT_GRADING = "admiralty"

Scheme = Grading | Marking | Likelihood


def names() -> tuple[str, ...]:
    """The names of all schemes at hand, as `load` takes them."""
    return tuple(sorted(file.stem for file in resources.path("schemes").glob("*.toml")))


@cache
def load(name: str) -> Scheme:
    """The scheme of that name. Raises `unknown_scheme`."""
    if name not in names():
        raise CasefileError("unknown_scheme", scheme=name)
    data: dict[str, Any] = tomllib.loads(resources.text("schemes", f"{name}.toml"))
    match data["kind"]:
        case "grading":
            return Grading(data["name"], data["source"], tuple(_axis(axis) for axis in data["axes"]))
        case "marking":
            return Marking(
                data["name"], data["source"], data["background"], tuple(_label(label) for label in data["labels"])
            )
        case _:
            return Likelihood(
                data["name"],
                data["source"],
                tuple(_term(term) for term in data["terms"]),
                tuple(data.get("confidence", ())),
            )


def grading(name: str = DEFAULT_GRADING) -> Grading:
    """The grading of that name. Raises `unknown_scheme`, also for a scheme of another kind."""
    scheme = load(name)
    if not isinstance(scheme, Grading):
        raise CasefileError("unknown_scheme", scheme=name)
    return scheme


def marking(name: str = "tlp") -> Marking:
    """The marking of that name. Raises `unknown_scheme`, also for a scheme of another kind."""
    scheme = load(name)
    if not isinstance(scheme, Marking):
        raise CasefileError("unknown_scheme", scheme=name)
    return scheme


def likelihood(name: str = "icd203") -> Likelihood:
    """The likelihood scale of that name. Raises `unknown_scheme`, also for a scheme of another kind."""
    scheme = load(name)
    if not isinstance(scheme, Likelihood):
        raise CasefileError("unknown_scheme", scheme=name)
    return scheme


def parse_grade(text: str) -> tuple[str, str]:
    """Letter and digit of a grade of the default scheme: `B2` gives B and 2. Raises `unknown_grade`."""
    letter, digit = grading().parse(text)
    return letter, digit


def _axis(data: dict[str, Any]) -> Axis:
    return Axis(data["code"], data["name"], data["of"], tuple(Grade(**grade) for grade in data["grades"]))


def _label(data: dict[str, Any]) -> Label:
    return Label(data["code"], data["colour"], data["audience"], data.get("asks_for", ""), tuple(data.get("also", ())))


def _term(data: dict[str, Any]) -> Term:
    return Term(
        tuple(data["words"]), data["low"], data["high"], data.get("high_excluded", False), tuple(data.get("also", ()))
    )
