"""What workers are made to do in test_workers.py; apart, so that a worker need not import pytest."""

from __future__ import annotations

import os
import re
import signal
import threading

from casefile.errors import Refused

MIB = 1024 * 1024


def doubled(number: int) -> int:
    return 2 * number


def process_id(_: int) -> int:
    return os.getpid()


def refuse_odd(number: int) -> int:
    if number % 2:
        raise Refused("empty_file", name=f"{number}.txt")
    return number


def four_mebibytes(wait: bool) -> bytes:
    if wait:
        threading.Event().wait(60)
    return os.urandom(4 * MIB)


def act(order: str) -> str:
    """Do what a hostile document would make a reader do."""
    if order == "leave":
        os._exit(3)
    if order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "hang":
        while True:
            pass
    if order == "hang in C":
        re.match(r"(a+)+$", "a" * 60 + "b")
    if order == "eat":
        kept = [bytearray(16 * MIB) for _ in range(200)]
        return str(len(kept))
    if order == "eat and stay":
        kept = [bytearray(b"x" * MIB) for _ in range(500)]
        while kept:
            pass
    if order == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    if order == "print":
        os.write(1, b"printed by a library")
        os.write(2, b"complained by a library")
    if order == "fault":
        raise KeyError("Sopheap told the officer everything")
    if order == "unpicklable":
        return lambda: "no"  # type: ignore[return-value]
    return order


class Explosive:
    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (9,)
