"""What every test stands on: no screen, a home of its own, steady Hypothesis, and the shared articles."""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).resolve().parents[1]

# A name too long would not leave room for the sockets that desktop libraries make below XDG_RUNTIME_DIR.
_HOMES = Path(tempfile.mkdtemp(prefix="casefile-tests-"))
atexit.register(shutil.rmtree, _HOMES, ignore_errors=True)

# Set before anything is imported that might look for its folders, and inherited by every subprocess.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_OF_THE_USER = (
    "QT_SCALE_FACTOR",
    "QT_SCREEN_SCALE_FACTORS",
    "QT_FONT_DPI",
    "QT_STYLE_OVERRIDE",
    "QT_QPA_PLATFORMTHEME",
)
for _name in (*_OF_THE_USER, "CASEFILE_SETTINGS"):
    os.environ.pop(_name, None)

# The same examples every time: a red run can be repeated by anyone.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=60)
settings.register_profile(
    "long",
    derandomize=True,
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("default")


def _home(home: Path) -> dict[str, str]:
    """The variables that make `home` the user's home on Linux, macOS and Windows (there for platformdirs alone)."""
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "WIN_PD_OVERRIDE_APPDATA": home / "roaming",
        "WIN_PD_OVERRIDE_LOCAL_APPDATA": home / "local",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}


def _for_the_whole_run() -> None:
    # Caches and the runtime folder are shared by the tests: fontconfig reads every font anew for an empty cache.
    for name in ("cache", "run"):
        (_HOMES / name).mkdir(mode=0o700)
    os.environ.update(XDG_CACHE_HOME=str(_HOMES / "cache"), XDG_RUNTIME_DIR=str(_HOMES / "run"))
    os.environ.update(_home(_HOMES / "session"))


_for_the_whole_run()


def pytest_addoption(parser: pytest.Parser) -> None:
    # The core's tests also run where pytest-qt is not installed; its settings in pyproject.toml must be known there.
    if importlib.util.find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "a setting of pytest-qt, without meaning here", type="linelist")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder: settings that one test writes are not read by the next, and never by the user."""
    folder = Path(tempfile.mkdtemp(dir=_HOMES))
    for name, value in _home(folder).items():
        monkeypatch.setenv(name, value)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout, with the five articles that the program is judged by."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder `shared` does not lie beside this checkout")
    return folder
