# Every command sets up what it needs on a fresh machine with Python 3.11 or newer; nothing is installed by hand.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready
ARGS   ?=
# Tests wait more than they work: two of them share a core.
JOBS   ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint bench faults lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "salescoach needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# --no-deps: the lock is complete, and without it pip may take a newer release for an extra that another package asks for.
$(RUN): locks/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up .venv (first time only) ..."
	@$(PIP) install --no-deps --require-hashes -r locks/run.txt
	@echo "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/salescoach-src.pth"
	@$(BIN)/python -m compileall -q src
	@touch $@

$(DEV): locks/dev.txt $(RUN)
	@echo "Setting up the development tools ..."
	@$(PIP) install --no-deps --require-hashes -r locks/dev.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

run: $(RUN) ## Open the app
	@$(BIN)/python -m salescoach $(ARGS)

demo: $(RUN) ## Open the app on a throw-away copy of the sample deals
	@$(BIN)/python -m salescoach demo $(ARGS)

test: $(DEV) ## Run the whole test suite
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

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
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
