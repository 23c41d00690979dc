"""Real processes: they crash, hang, eat memory and are killed here."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import types
from itertools import count
from pathlib import Path
from unittest.mock import ANY

import psutil
import pytest

from casefile import workers
from casefile.errors import CasefileError, Refused
from casefile.workers import Done, Failed, Fault, Workers

# Workers import their function by the name of its module: it has to stand on the path that they are given.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from hostile_jobs import MIB, Explosive, act, doubled, four_mebibytes, process_id, refuse_odd

ROOT = Path(__file__).resolve().parents[2]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def codes(outcomes: list[Done[str] | Failed]) -> list[str]:
    return [
        o.result if isinstance(o, Done) else o.error.code if isinstance(o.error, CasefileError) else "fault"
        for o in outcomes
    ]


@pytest.mark.parametrize(("items", "chunk"), [(0, 32), (1, 32), (3, 1), (100, 7), (65, 32)])
def test_results_come_in_the_order_of_the_items(items: int, chunk: int) -> None:
    with Workers(2) as crew:
        outcomes = list(crew.map(doubled, range(items), chunk=chunk))
    assert outcomes == [Done(number, 2 * number) for number in range(items)]


def test_an_error_of_the_user_comes_back_with_its_values_and_the_rest_goes_on() -> None:
    with Workers(2) as crew:
        outcomes = list(crew.map(refuse_odd, range(9), chunk=4))
    assert [o.result for o in outcomes if isinstance(o, Done)] == [0, 2, 4, 6, 8]
    failed = {o.index: o.error for o in outcomes if isinstance(o, Failed)}
    assert sorted(failed) == [1, 3, 5, 7]
    assert isinstance(failed[3], Refused)
    assert (failed[3].code, failed[3].values) == ("empty_file", {"name": "3.txt"})


@pytest.mark.parametrize("how", ["leave", pytest.param("die", marks=posix_only)])
def test_a_crash_costs_only_the_item_that_crashed(how: str) -> None:
    items = ["a", "b", how, "c", "d", how, "e"]
    with Workers(2) as crew:
        outcomes = list(crew.map(act, iter(items), chunk=7))
    assert codes(outcomes) == ["a", "b", "reader_crashed", "c", "d", "reader_crashed", "e"]
    assert [o.index for o in outcomes] == list(range(7))


@pytest.mark.parametrize("how", ["hang", "hang in C"])
def test_a_hang_ends_at_the_limit_of_time_and_the_rest_goes_on(how: str) -> None:
    with Workers(1, seconds_per_item=0.6) as crew:
        assert codes(list(crew.map(act, iter(["a", how, "b"]), chunk=3))) == ["a", "reader_too_slow", "b"]


def test_a_hang_does_not_keep_the_other_worker_from_its_items() -> None:
    with Workers(2, seconds_per_item=1.0) as crew:
        outcomes = crew.map(act, ["hang", *"abcdef"], chunk=1)
        assert codes(list(outcomes)) == ["reader_too_slow", *"abcdef"]


def test_a_caller_that_takes_its_time_is_not_taken_for_a_hang() -> None:
    with Workers(1, seconds_per_item=0.4) as crew:
        outcomes = crew.map(doubled, range(64), chunk=8)
        first = next(outcomes)
        threading.Event().wait(1.0)
        assert [first, *outcomes] == [Done(number, 2 * number) for number in range(64)]


@pytest.mark.skipif(not workers.LIMITED_BY_SYSTEM, reason="the system keeps no limit of address space")
def test_a_memory_hog_is_stopped_by_the_system_and_the_rest_goes_on() -> None:
    with Workers(1, memory_bytes=600 * MIB) as crew:
        assert codes(list(crew.map(act, iter(["a", "eat", "b"]), chunk=3))) == ["a", "reader_out_of_memory", "b"]


def test_a_memory_hog_is_stopped_by_watching_where_the_system_keeps_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LIMITED_BY_SYSTEM", False)
    with Workers(1, memory_bytes=200 * MIB) as crew:
        outcomes = list(crew.map(act, iter(["a", "eat and stay", "b"]), chunk=3))
    assert codes(outcomes) == ["a", "reader_out_of_memory", "b"]


def test_a_fault_is_raised_after_all_items_and_quotes_no_document() -> None:
    seen: list[Done[str] | Failed] = []
    with Workers(1) as crew, pytest.raises(Fault) as raised:
        seen.extend(crew.map(act, iter(["a", "fault", "unpicklable", "b"]), chunk=4))
    assert codes(seen) == ["a", "fault", "fault", "b"]
    assert "KeyError" in str(raised.value)
    assert "in act" in str(raised.value)
    assert "Sopheap" not in str(raised.value)


def test_a_function_that_the_worker_cannot_import_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("only_in_the_parent")
    exec("def function(item):\n    return item", module.__dict__)
    monkeypatch.setitem(sys.modules, "only_in_the_parent", module)
    with Workers(1) as crew, pytest.raises(Fault, match="ModuleNotFoundError"):
        list(crew.map(module.function, [1, 2]))


def test_an_item_that_kills_before_it_can_be_named_ends_in_a_fault_and_the_rest_goes_on() -> None:
    seen: list[Done[str] | Failed] = []
    with Workers(1) as crew, pytest.raises(Fault, match="exit code 9"):
        seen.extend(crew.map(act, iter(["a", Explosive(), "b"]), chunk=1))  # type: ignore[list-item]
    assert codes(seen) == ["a", "fault", "b"]


def test_results_that_wait_for_a_slow_item_are_bounded() -> None:
    taken = count()
    with Workers(2, seconds_per_item=1.5) as crew:
        outcomes = crew.map(four_mebibytes, (next(taken) == 0 for _ in range(1000)), chunk=1)
        assert next(outcomes) == Failed(0, ANY)
        # 64 MiB are held back; two chunks of each worker may come on top, before the hang is noticed.
        assert 1 < next(taken) <= 64 // 4 + 2 * 2 + 3


def test_the_same_processes_serve_the_next_errand() -> None:
    with Workers(1) as crew:
        first = list(crew.map(process_id, [1]))
        assert list(crew.map(process_id, [1])) == first


def test_leaving_kills_workers_in_the_middle_of_an_item() -> None:
    with Workers(2) as crew:
        outcomes = crew.map(act, ["a", "hang", "hang", "b"], chunk=1)
        next(outcomes)
        children = psutil.Process().children()
        children = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        assert len(children) == 2
    assert not [child for child in children if child.is_running()]


def test_ending_the_iteration_early_kills_the_workers_and_the_next_errand_has_new_ones() -> None:
    with Workers(1) as crew:
        [first] = crew.map(process_id, [1])
        for _ in crew.map(act, ["a", "hang"], chunk=1):
            break
        [second] = crew.map(process_id, [1])
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert first.result != second.result


@posix_only
def test_ctrl_c_does_not_reach_an_item_in_work() -> None:
    with Workers(1) as crew:
        assert codes(list(crew.map(act, ["interrupt"]))) == ["interrupt"]


def test_what_libraries_print_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(1) as crew:
        assert codes(list(crew.map(act, ["print"]))) == ["print"]
    assert capfd.readouterr() == ("", "")


def _program(tmp_path: Path, body: str) -> subprocess.Popen[str]:
    # No guard for __main__: a worker must not run the program's main module again.
    script = tmp_path / "program.py"
    script.write_text(
        f"import sys\nsys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\n" + textwrap.dedent(body),
        encoding="utf-8",
    )
    return subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_worker_does_not_import_the_main_module_of_the_program(tmp_path: Path) -> None:
    with _program(
        tmp_path,
        """
        from casefile.workers import Workers
        import hostile_jobs
        print("main", flush=True)
        with Workers(2) as crew:
            print([done.result for done in crew.map(hostile_jobs.doubled, [1, 2, 3])])
        """,
    ) as program:
        assert program.communicate()[0].splitlines() == ["main", "[2, 4, 6]"]
    assert program.returncode == 0


@pytest.mark.parametrize("how", ["a", "hang", pytest.param("hang in C", marks=posix_only)])
def test_a_killed_parent_leaves_no_orphan(tmp_path: Path, how: str) -> None:
    with _program(
        tmp_path,
        f"""
        import psutil
        from casefile.workers import Workers
        import hostile_jobs
        crew = Workers(2, seconds_per_item=0.5 if {how!r} == "hang in C" else 60)
        outcomes = crew.map(hostile_jobs.act, ["a", {how!r}, {how!r}, {how!r}], chunk=1)
        next(outcomes)
        print(*(child.pid for child in psutil.Process().children()), flush=True)
        sys.stdin.read()
        """,
    ) as program:
        assert program.stdout is not None
        children = [psutil.Process(int(pid)) for pid in program.stdout.readline().split()]
        assert len(children) >= 2
        program.kill()
        program.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
