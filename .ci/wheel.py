"""Is the installed wheel whole? Run with the Python of an environment that has the wheel and no PySide6."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import casefile
from casefile import phrases, resources


def main() -> None:
    """Print where the wheel lies, or fail with what is missing."""
    package = Path(casefile.__file__).parent
    checkout = Path(__file__).resolve().parents[1]
    assert checkout / "casefile" != package, "the checkout was imported, not the wheel"
    assert importlib.util.find_spec("PySide6") is None, "PySide6 is installed here"
    assert importlib.util.find_spec("ui") is not None, "the window's package is missing"
    assert phrases.codes("errors"), "no sentences for errors"
    for name in ("resources", "samples"):
        inside = resources.folder(name)
        assert inside == package / name, f"{name} lies in {inside}"
        for path in (checkout / name).rglob("*"):
            if path.is_file():
                copy = inside / path.relative_to(checkout / name)
                assert copy.read_bytes() == path.read_bytes(), f"{copy} differs from {path}"
    command = Path(sys.executable).with_name("casefile")
    said = subprocess.run([command, "--version"], check=True, capture_output=True, text=True).stdout
    assert casefile.__version__ in said, said
    print(f"The wheel is whole: {said.strip()} at {package}")


if __name__ == "__main__":
    main()
