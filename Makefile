# Two commands for a newcomer: `make demo` and `make test`. Python 3.11 or newer, git and make are enough.
PYTHON ?= python3
SHARED ?= ../shared
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PEERS := .venv-peers
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint browser peers manual lock bench soak clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The lock is complete and hashed, so pip's resolver has nothing to decide (docs/decisions/0004).
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Licet needs Python 3.11 or newer; %s is %s. Name another one: make PYTHON=python3.12" % (sys.executable, sys.version.split()[0]))'
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (once)"
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: $(INSTALLED)  ## ask the demo questions, capture the demo newsroom, open the desk (ARGS=--no-serve to stop before the desk)
	$(BIN)/licet demo $(ARGS)

test: lint browser peers  ## lint, then the whole test suite
	$(BIN)/python -m pytest $(ARGS)

lint: $(INSTALLED)  ## ruff, the formatter's check, mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

browser: $(INSTALLED)  ## find or install a Chromium for the browser tests
	@PLAYWRIGHT=$(BIN)/playwright tests/tools/browser.sh

# Programs of others that tests and benches run beside ours, in an environment of their own: Licet imports none of them.
peers: $(PEERS)/.installed  ## install the programs that tests and benches run beside ours

$(PEERS)/.installed: tests/tools/peers.lock
	@test -x $(PEERS)/bin/pip || $(PYTHON) -m venv $(PEERS)
	@echo "Installing into $(PEERS) (once)"
	@$(PEERS)/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --require-hashes -r tests/tools/peers.lock
	@touch $@

manual: $(INSTALLED)  ## write the pages of docs/ that are made from the commands' own help and from the law data
	$(BIN)/python docs/tools/cli_reference.py --write
	$(BIN)/python docs/tools/law_status.py --write
	$(BIN)/python docs/tools/order_columns.py --write

lock: $(INSTALLED)  ## resolve requirements.lock anew
	@$(PIP) install uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-header \
	  --strip-extras --python-version 3.11 --quiet -o requirements.lock
	$(BIN)/uv pip compile tests/tools/peers.in --universal --generate-hashes --no-emit-index-url --no-header \
	  --strip-extras --python-version 3.11 --quiet -o tests/tools/peers.lock

# Each bench reads the data named here; the rest make their own. All of them run, even when one misses a floor.
DATA_cases := $(SHARED)/law/cases.jsonl
DATA_pages := $(SHARED)/pages
DATA_relevance := $(SHARED)/relevance
bench: $(INSTALLED)  ## run every measurement; fails when a floor is missed
	@missed=""; $(foreach script,$(filter-out bench/soak.py,$(sort $(wildcard bench/*.py))), \
	  echo "== $(script)"; $(BIN)/python $(script) $(DATA_$(basename $(notdir $(script)))) || missed="$$missed $(script)";) \
	  test -z "$$missed" || { echo "missed a floor:$$missed"; exit 1; }

SECONDS ?= 600
soak: $(INSTALLED)  ## mixed load on the desk for ten minutes (SECONDS=60 for one): no error, memory flat
	$(BIN)/python bench/soak.py --seconds $(SECONDS)

clean:  ## remove what the other targets made
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
