"""Letter keys by their place on the keyboard, so that they act under Thai, Khmer and Lao layouts too."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

# Scan codes of the keys that carry these letters on a Latin keyboard: Linux (evdev + 8), Windows (set 1), and macOS
# (virtual key codes of HIToolbox/Events.h).
_LINUX = {28: "T", 57: "N"}
_WINDOWS = {0x14: "T", 0x31: "N"}
_MACOS = {0x11: "T", 0x2D: "N"}


def letter(event: QKeyEvent) -> str | None:
    """The Latin letter of a key pressed without Ctrl, Alt or Meta, by what it types or else by its place; or None."""
    if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return None
    typed = event.text().upper()
    if typed.isascii() and typed.isalpha():
        return typed
    if not typed or typed.isascii():
        return None
    if sys.platform == "darwin":
        return _MACOS.get(event.nativeVirtualKey())
    return (_WINDOWS if sys.platform == "win32" else _LINUX).get(event.nativeScanCode())
