"""The whole road opens no socket of the network and looks no name up: watched from inside, and cut off from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Python runs a module of this name at its start, workers' Pythons too: so every process of the road is watched.
WATCH = """
import os, sys

def watch(event, arguments):
    if event == "socket.__new__":
        family = arguments[1]
        seen = family in (2, 10, 23, 30)  # AF_INET, AF_INET6 of Linux, Windows and macOS
    else:
        seen = event in (
            "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
            "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request", "ftplib.connect",
            "http.client.connect", "smtplib.connect",
        ) and not (event in ("socket.connect", "socket.bind") and isinstance(arguments[1], (str, bytes)))
    if seen:
        with open(os.environ["WATCHED"] + "/seen", "a") as file:
            file.write(f"{event} {arguments[1:]}\\n")

sys.addaudithook(watch)
with open(os.environ["WATCHED"] + f"/process-{os.getpid()}", "w") as file:
    file.write(" ".join(sys.orig_argv))
"""

ROAD = (
    ("new", "LIB"),
    ("import", "LIB", "FOLDER"),
    ("tag", "add", "LIB", "agency", "Coastal Crime Bureau", "--spelling", "CCB"),
    ("suggest", "LIB"),
    ("set", "LIB", "TK-0001", "publisher=Harbour Post"),
    ("grade", "LIB", "TK-0001", "B2"),
    ("note", "LIB", "TK-0006", "--quote", "mười hai", "--comment", "ai đếm?"),
    ("dossier", "add", "LIB", "A-1", "Lantern"),
    ("dossier", "file", "LIB", "A-1", "TK-0001", "TK-0006"),
    ("search", "LIB", "police"),
    ("brief", "LIB", "--dossier", "A-1", "--out", "OUT"),
    ("undo", "LIB"),
    ("redo", "LIB"),
    ("backup", "LIB", "COPY"),
    ("verify", "LIB"),
)


def road(folder: Path, tmp_path: Path) -> list[list[str]]:
    # A page that asks for things from the network, for whoever would fetch them.
    (folder / "page.html").write_text(
        "<html><head><base href='http://192.0.2.7/'><link rel=stylesheet href='style.css'></head><body><p>A report "
        "with a <img src='http://192.0.2.7/pixel.png'> picture from <a href='http://example.invalid/'>afar</a>.</p>"
        "<script src='http://192.0.2.7/x.js'></script></body></html>",
        encoding="utf-8",
    )
    places = {
        "LIB": tmp_path / "net.casefile",
        "FOLDER": folder,
        "OUT": tmp_path / "net.docx",
        "COPY": tmp_path / "copy.casefile",
    }
    return [[str(places.get(word, word)) for word in words] for words in ROAD]


def walked(folder: Path, tmp_path: Path) -> list[str]:
    """The arguments of one process that walks the whole road."""
    return [sys.executable, "-c", WALK, json.dumps(road(folder, tmp_path))]


WALK = """
import json, sys
from casefile.cli import main
if __name__ == "__main__":
    for words in json.loads(sys.argv[1]):
        assert main(words) == 0, words
"""


def test_no_process_of_the_road_opens_a_socket_or_looks_a_name_up(folder: Path, tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    variables = {**os.environ, "PYTHONPATH": str(watched), "WATCHED": str(watched)}
    subprocess.run(walked(folder, tmp_path), env=variables, check=True, stdout=subprocess.DEVNULL, timeout=60)
    assert not (watched / "seen").exists(), (watched / "seen").read_text(encoding="utf-8")
    processes = [path.read_text(encoding="utf-8") for path in watched.glob("process-*")]
    assert len([line for line in processes if "multiprocessing" in line]) >= 1  # the workers were watched
    assert (tmp_path / "net.docx").is_file()


def test_the_watch_sees_a_socket_and_a_name_looked_up(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    program = "import socket; socket.socket(socket.AF_INET).close(); socket.getaddrinfo('127.0.0.1', 80)"
    subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "WATCHED": str(tmp_path)},
        check=True,
        timeout=60,
    )
    seen = (tmp_path / "seen").read_text(encoding="utf-8")
    assert "socket.__new__" in seen
    assert "socket.getaddrinfo" in seen


def test_the_road_runs_where_there_is_no_network_at_all(folder: Path, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user can't take the network away (unshare -n)")
    subprocess.run([unshare, "-n", *walked(folder, tmp_path)], check=True, stdout=subprocess.DEVNULL, timeout=60)
    assert (tmp_path / "net.docx").is_file()


def test_the_system_sees_no_socket_of_the_network(folder: Path, tmp_path: Path) -> None:
    strace = shutil.which("strace")
    probe = [strace or "strace", "-f", "-e", "trace=network", "true"]
    if strace is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no strace here, or not allowed")
    calls = tmp_path / "calls"
    traced = [strace, "-f", "-e", "trace=socket,connect,sendto,bind,clone3,clone,fork,vfork", "-o", str(calls)]
    subprocess.run([*traced, *walked(folder, tmp_path)], check=True, stdout=subprocess.DEVNULL, timeout=120)
    seen = calls.read_text(encoding="utf-8")
    assert "fork" in seen or "clone" in seen  # the workers were followed
    assert "AF_INET" not in seen
