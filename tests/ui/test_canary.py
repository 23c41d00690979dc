"""A canary for the bindings: PySide6 6.12.0 loses one reference to None with each call of a void method.

Before Python 3.12 None is counted like any object, so a program that calls Qt a few thousand times dies with
`none_dealloc`; a short test suite passes all the same. Here the calls are counted that a program makes most.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys
from PySide6 import QtCore, QtGui, QtWidgets

CALLS = 500
application = QtWidgets.QApplication([])


class Rows(QtCore.QAbstractTableModel):
    def rowCount(self, parent=QtCore.QModelIndex()):
        return 10

    def columnCount(self, parent=QtCore.QModelIndex()):
        return 1

    def data(self, index, role=0):
        return None


class Sender(QtCore.QObject):
    sent = QtCore.Signal(object)


def lost(call):
    def run():
        for _ in range(CALLS):
            call()

    run()  # Caches fill on the first round.
    before = sys.getrefcount(None)
    run()
    return (before - sys.getrefcount(None)) / CALLS


rows = Rows()
proxy = QtCore.QSortFilterProxyModel()
proxy.setSourceModel(rows)
index = proxy.index(0, 0)
label = QtWidgets.QLabel()
document = QtGui.QTextDocument("word " * 50)
cursor = QtGui.QTextCursor(document)
shape = QtGui.QTextCharFormat()
sender = Sender()
sender.sent.connect(lambda value: None)

print(json.dumps({
    "a void method of a widget": lost(lambda: label.setText("word")),
    "a void method of a value": lost(lambda: cursor.setPosition(3)),
    "a void method that changes a text": lost(lambda: cursor.mergeCharFormat(shape)),
    "a virtual method that answers None": lost(lambda: proxy.data(index, 3)),
    "a signal that carries None": lost(lambda: sender.sent.emit(None)),
}), flush=True)
os._exit(0)  # The interpreter's own end would touch the None that may be gone.
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is never freed since Python 3.12")
def test_calls_into_qt_lose_no_reference_to_none() -> None:
    outcome = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    lost = json.loads(outcome.stdout)
    assert len(lost) == 5
    assert {call: each for call, each in lost.items() if abs(each) > 0.1} == {}
