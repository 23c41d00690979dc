"""Asking for a passphrase: the one of a library that is opened, or one for a new library."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


class PassphraseDialog(QDialog):
    """Asks for the passphrase of a library; for a new one twice, and none is allowed."""

    def __init__(self, parent: QWidget, name: str, *, new: bool = False, said: str = "") -> None:
        """`name` is the library's; `said` is what went wrong last time."""
        super().__init__(parent)
        self.setWindowTitle(name)
        self.setModal(True)
        self.setMinimumWidth(400)
        self._new = new
        asked = QLabel(
            "A passphrase encrypts the whole library. It can't be recovered by anyone.\nLeave it empty for none."
            if new
            else "This library has a passphrase."
        )
        asked.setWordWrap(True)
        self.passphrase = _field("Passphrase")
        self.again = _field("The same again")
        self._said = QLabel(said)
        self._said.setObjectName("soft")
        self._said.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.addButton("Make library" if new else "Open", QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.setContentsMargins(20, 18, 20, 16)
        column.addWidget(asked)
        column.addWidget(self.passphrase)
        if new:
            column.addWidget(self.again)
        column.addWidget(self._said)
        column.addWidget(buttons)
        self.passphrase.textChanged.connect(self._check)
        self.again.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        if self._new:
            same = self.passphrase.text() == self.again.text()
            self._said.setText("" if same else "The two differ.")
            self.ok.setEnabled(same)
        else:
            self.ok.setEnabled(bool(self.passphrase.text()))

    def given(self) -> str | None:
        """The passphrase; None for none."""
        return self.passphrase.text() or None


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    field.setPlaceholderText(name)
    return field
