"""The command as its users run it: in this process (quick) or in one of its own (true), with a library to run it on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from casefile.cli import main

SECONDS = 120


@dataclass(frozen=True)
class Said:
    """What a run printed and its exit status."""

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        return json.loads(self.out)

    @property
    def code(self) -> str:
        return self.value["error"]["code"]


def here(*words: object) -> Said:
    """The command run in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(word) for word in words])
    return Said(status, out.getvalue(), err.getvalue())


def done(*words: object) -> Any:
    """The JSON value of a run that must succeed."""
    said = here(*words, "--json")
    assert said.status == 0, said.out + said.err
    return said.value


def arguments(*words: object) -> list[str]:
    return [sys.executable, "-m", "casefile", *map(str, words)]


def process(*words: object, given: bytes = b"", variables: Mapping[str, str] | None = None) -> Said:
    """The command run in a process of its own, as from a shell."""
    ran = subprocess.run(
        arguments(*words),
        input=given,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **(variables or {})},
    )
    return Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


ARTICLES = {
    "harbour.txt": (
        "Harbour police close two call centres\n\n"
        "PORT LINNET, March 4, 2025 – Officers of the Coastal Crime Bureau raided two buildings, Marisol Quandt said.\n"
        "The Bureau, known as CCB, found 61 people. The first building was empty.\n"
        "Operation Lantern goes on.\n"
    ),
    "thai.txt": ("ตำรวจบุกค้นอาคาร\r\n\r\nวันที่ 5 มีนาคม 2568 ตำรวจแถลงว่าพบคนทำงาน 12 คน 🚨 ที่ชายแดน\r\nยาบ้าไม่พบ\r\n"),
    "khmer.txt": "ប៉ូលិសចុះឆែកឆេរ\n\nប៉ូលិសបានរកឃើញមនុស្ស ១២ នាក់ នៅក្រុងកំពត។\n",
    "chinese.txt": "警方捣毁诈骗窝点\n\n2025年3月6日，警方在海港抓捕十二人。案件正在调查中。\n",
    "vietnamese.txt": (
        "Công an Đắk Lắk bắt giữ mười hai người\n\nNgày 7/3/2025, công an cho biết vụ án đang được điều tra.\n"
    ),
}


def write_articles(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ARTICLES.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return folder
