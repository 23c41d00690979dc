"""What runs inside a worker process; `workers` starts it and listens. Imports as little as it can."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from casefile.errors import CasefileError
from casefile.faults import Fault, trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

OUT_OF_TIME = -14
"""Exit status, as multiprocessing gives it, of a process that met its own alarm (SIGALRM)."""

OUT_OF_MEMORY = 77
"""Exit status of a process that met its limit of memory."""

FLUSH_AFTER = 0.05
"""Seconds. Answers travel many at a time, but a slow item does not hold back for longer the ones before it."""

Answer = tuple[bool, Any]
"""Whether the item succeeded, and its result or its error."""


def errand(function: Callable[[Any], Any], first: int, items: list[Any]) -> bytes:
    """Return the message that asks for the items, the first of which has the number `first`."""
    return pickle.dumps((first, len(items), pickle.dumps((function, items), protocol=5)), protocol=5)


def serve(line: Connection, at: Any, seconds: float, memory: int | None) -> None:
    """Answer errands until the parent ends or closes the line; does not return.

    `at` is shared memory for the number of the item in work, -1 between errands. `seconds` are an item's, for the
    parent to keep. `memory` limits the address space in bytes, where the system can.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence()
    _limit(memory)
    errands: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_hear, args=(line, errands), daemon=True).start()
    try:
        while True:
            for answers in _answers(errands.get(), at, seconds):
                _alarm(0)
                line.send_bytes(answers)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except OSError:
        # The parent has gone in the middle of an answer.
        os._exit(1)


def _hear(line: Connection, errands: SimpleQueue[bytes]) -> None:
    # A thread of its own, so that the parent's end is noticed in the middle of an item, and so that the parent never
    # waits to send to a process that itself waits to send.
    try:
        while True:
            errands.put(line.recv_bytes())
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (EOFError, OSError):
        os._exit(0)


def _answers(message: bytes, at: Any, seconds: float) -> Iterator[bytes]:
    first, count, inner = cast("tuple[int, int, bytes]", pickle.loads(message))
    try:
        function, items = cast("tuple[Callable[[Any], Any], list[Any]]", pickle.loads(inner))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the function's module is broken: told for each item
        yield _packed([(False, _fault(error))] * count)
        return
    answers: list[Answer] = []
    flushed = time.monotonic()
    for number, item in enumerate(items, first):
        at.value = number
        _alarm(1.5 * seconds + 2)
        answers.append(_answer(function, item))
        if time.monotonic() - flushed > FLUSH_AFTER and number < first + count - 1:
            yield _packed(answers)
            answers.clear()
            flushed = time.monotonic()
    packed = _packed(answers)
    at.value = -1
    yield packed


def _answer(function: Callable[[Any], Any], item: Any) -> Answer:
    try:
        return True, function(item)
    except CasefileError as error:
        return False, error
    except MemoryError:
        # What is left of the heap can't be trusted to hold the answer: the process ends, the parent knows the item.
        raise
    except Exception as error:  # noqa: BLE001 - it is passed on, and raised in the parent
        return False, _fault(error)


def _packed(answers: list[Answer]) -> bytes:
    try:
        return pickle.dumps(answers, protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return pickle.dumps([_packable(answer) for answer in answers], protocol=5)


def _packable(answer: Answer) -> Answer:
    try:
        pickle.dumps(answer, protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        return False, _fault(error)
    return answer


def _fault(error: BaseException) -> Fault:
    return Fault(trace(error))


def _alarm(seconds: float) -> None:
    """End the process in so many seconds, 0 for not at all; a library in C can keep `_hear` from running."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _silence() -> None:
    """Send what libraries print to nowhere: it may quote documents, and the command's output is read by programs."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _limit(memory: int | None) -> None:
    if sys.platform == "win32":
        return
    import resource

    # A core file would leave a document's text on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
