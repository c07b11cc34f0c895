# Every command sets up what it needs on a fresh machine with Python 3.11 or newer; nothing is installed by hand.
PYTHON ?= python3
# No path of this folder ever goes through the shell: a folder may be named like a command. All paths are relative.
# A Python that is asked for and is not .venv's own gets an environment beside it, such as .venv-3.13.
OTHER  := import os, re, sys; own = "%d.%d" % sys.version_info[:2]; \
	cfg = open(".venv/pyvenv.cfg").read() if os.path.exists(".venv/pyvenv.cfg") else ""; \
	found = re.search(r"^version(?:_info)? = (\d+\.\d+)", cfg, re.M); \
	print(".venv" if not found or found[1] == own else ".venv-" + own)
VENV   := .venv
ifeq ($(origin PYTHON),command line)
VENV   := $(or $(shell $(PYTHON) -c '$(OTHER)'),$(error $(PYTHON) does not run))
endif
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready
ARGS   ?=
# Tests wait more than they work: two of them share a core.
JOBS   ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

# Where src is, as seen from the packages: what the folders above are called stands nowhere.
PATH_FILE := import os, sysconfig; place = sysconfig.get_path("purelib"); \
	print(os.path.relpath("src", place), file=open(os.path.join(place, "salescoach-src.pth"), "w"))

TYPES  := types-linux types-darwin types-win32

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint layers $(TYPES) bench faults lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "salescoach needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# --no-deps: the lock is complete, and without it pip may take a newer release for an extra that another package asks for.
$(RUN): locks/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up .venv (first time only) ..."
	@$(PIP) install --no-deps --require-hashes -r locks/run.txt
	@$(BIN)/python -c '$(PATH_FILE)'
	@$(BIN)/python -m compileall -q src
	@touch $@

$(DEV): locks/dev.txt $(RUN)
	@echo "Setting up the development tools ..."
	@$(PIP) install --no-deps --require-hashes -r locks/dev.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

run: $(RUN) ## Open the app
	@$(BIN)/python -P -m salescoach $(ARGS)

demo: $(RUN) ## Open the app on a throw-away copy of the sample deals
	@$(BIN)/python -P -m salescoach demo $(ARGS)

test: $(DEV) ## Run the whole test suite
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

# Everything is run as a module: the scripts in .venv/bin name this folder in their first line, and a shell reads it.
lint: $(DEV)
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(MAKE) --no-print-directory -j2 layers $(TYPES)

layers: $(DEV)
	@$(BIN)/python -c 'import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())'

# What the types say on each platform, not only on this one; the tests use calls that Windows has not.
$(TYPES): types-%: $(DEV)
	@$(BIN)/python -m mypy --platform $* --cache-dir .mypy_cache/$* $(if $(filter $*,linux),,src)

check: lint ## Lint, types, layers, then the tests
	@$(MAKE) --no-print-directory test

bench: $(DEV) ## Measure start-up, keys and saves against minimal programs
	@$(BIN)/python -m tests.bench $(ARGS)

faults: $(DEV) ## Try what the store promises: kills, failing calls, power cuts, full disks
	@$(BIN)/python -m tests.faults $(ARGS)

lock: ## Rewrite the lock files (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o locks/run.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group dev -o locks/dev.txt

clean: ## Remove the environment and caches
	@rm -rf .venv .venv-3.* .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
