# `make run` and `make test` need Python 3.11 or newer, Node 20 or newer and make; everything else is made here.
# Every product is a file that depends on its sources, so that a second call does only what changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
HOST ?= 127.0.0.1

VENV := .venv
BIN := $(VENV)/bin
UV := $(VENV)/installer/bin/uv
INSTALLED := $(VENV)/installed
NODE_MODULES := node_modules/.package-lock.json
FRONT := build/front
CATALOGUES := build/catalogues

# What Python compiles is kept here, even where the environment forbids keeping it: it is half of what starting a process
# and of what collecting tests costs.
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache
export PYTHONDONTWRITEBYTECODE :=

FRONT_SOURCES := package.json package-lock.json $(shell find src/guanxi/web/assets -type f 2>/dev/null)
PO_FILES := $(shell find src -name '*.po')

# Tests keep their files, keys and test database away from the installation that `make run` serves.
TEST_ENV := GUANXI_DATA=$(CURDIR)/build/test-data
OUTSIDE_SUITE := -o addopts="-ra --strict-markers"

.PHONY: help run demo test test-postgres e2e bench bench-postgres crash crash-short check lint types architecture format messages regulation lock build clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- what is made --------------------------------------------------------------------------------------------------

$(UV): requirements/uv.txt
	@echo "» installer"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Guanxi needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PYTHON) -m venv $(VENV)/installer
	@$(VENV)/installer/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(INSTALLED): $(UV) requirements/dev.txt pyproject.toml
	@echo "» Python packages"
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@$(UV) pip install --quiet --offline --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

$(NODE_MODULES): package.json package-lock.json
	@echo "» front-end packages"
	@command -v npm > /dev/null || { echo "Guanxi needs Node.js 20 or newer with npm to build its pages' styles and scripts" >&2; exit 1; }
	@npm ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

$(FRONT): $(NODE_MODULES) $(FRONT_SOURCES)
	@echo "» styles and scripts"
	@npm run --silent build
	@mkdir -p $(@D) && touch $@

$(CATALOGUES): $(INSTALLED) tools/messages.py $(PO_FILES)
	@echo "» message catalogues"
	@$(BIN)/python tools/messages.py compile
	@mkdir -p $(@D) && touch $@

build: $(INSTALLED) $(FRONT) $(CATALOGUES)  ## everything that running and testing need

# ---- running ---------------------------------------------------------------------------------------------------------

run: build  ## install, migrate, load the demo company where nobody is yet, serve (PORT=8000 HOST=127.0.0.1)
	@$(BIN)/guanxi migrate
	@$(BIN)/guanxi demo --if-empty
	@exec $(BIN)/guanxi serve --with-worker --host $(HOST) --port $(PORT)

demo: build  ## fill an empty database with the demo company (ARGS="--customers 120 --seed 1")
	@$(BIN)/guanxi migrate
	@$(BIN)/guanxi demo $(ARGS)

# ---- testing ---------------------------------------------------------------------------------------------------------

test: build  ## the whole suite on SQLite
	@tools/ensure_dovecot.sh
	@$(TEST_ENV) $(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-postgres: build  ## the whole suite on a private PostgreSQL that is started and stopped here
	@tools/ensure_postgres.sh
	@tools/ensure_dovecot.sh
	@$(TEST_ENV) $(BIN)/python tools/postgres.py -- $(BIN)/pytest -n auto --dist worksteal $(ARGS)

e2e: build  ## the pages in a real Chromium
	@tools/ensure_chromium.sh
	@$(TEST_ENV) $(BIN)/pytest $(OUTSIDE_SUITE) -n 2 --dist loadfile tests/e2e $(ARGS)

crash-short: build  ## kill -9 under writing, approvals and timers, power cut, full disk, crowd: a short round on either database
	@tools/ensure_postgres.sh
	@$(TEST_ENV) $(BIN)/pytest $(OUTSIDE_SUITE) tests/crash $(ARGS)
	@$(TEST_ENV) $(BIN)/python tools/postgres.py -- $(BIN)/pytest $(OUTSIDE_SUITE) tests/crash/test_kill.py tests/crash/test_approvals.py $(ARGS)

crash: build  ## the same for long: 80 kills and 20 power cuts, two minutes of crowd
	@tools/ensure_postgres.sh
	@GUANXI_CRASH=long $(TEST_ENV) $(BIN)/pytest $(OUTSIDE_SUITE) tests/crash $(ARGS)
	@GUANXI_CRASH=long $(TEST_ENV) $(BIN)/python tools/postgres.py -- $(BIN)/pytest $(OUTSIDE_SUITE) tests/crash/test_kill.py tests/crash/test_approvals.py $(ARGS)

bench: build  ## speed on 100,000 customers (SQLite), against the bare query and the bare framework
	@$(BIN)/python -m tools.bench $(ARGS)

bench-postgres: build  ## the same on a private PostgreSQL
	@tools/ensure_postgres.sh
	@$(BIN)/python tools/postgres.py -- $(BIN)/python -m tools.bench $(ARGS)

# ---- looking -----------------------------------------------------------------------------------------------------------

check: lint types architecture test  ## all that a change must pass before it is shown

lint: $(INSTALLED)  ## style and format
	@$(BIN)/ruff check src tests tools
	@$(BIN)/ruff format --check src tests tools

types: $(INSTALLED)  ## mypy
	@$(BIN)/mypy src/guanxi tools

architecture: $(INSTALLED)  ## the floors of the house: imports point down
	@$(BIN)/lint-imports --no-cache

format: $(INSTALLED)  ## let ruff format everything
	@$(BIN)/ruff check --fix src tests tools
	@$(BIN)/ruff format src tests tools

# ---- keeping up to date ------------------------------------------------------------------------------------------------

messages: $(INSTALLED)  ## collect the texts of every package into its catalogues, keeping translations
	@$(BIN)/python tools/messages.py update

regulation: $(INSTALLED)  ## write docs/regulation and the page of data classes from code and tests
	@$(BIN)/python tools/regulation.py
	@$(BIN)/python -m tools.data_classes

lock: $(UV)  ## resolve requirements anew, with hashes and without any host
	@for name in uv core agents s3 dev; do \
	  $(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; \
	done
	@npm install --package-lock-only --ignore-scripts --loglevel=error

clean:  ## remove everything that was made, but never var/, the data of this installation
	@rm -rf $(VENV) node_modules build src/guanxi/web/static/build src/*.egg-info \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests tools \( -name __pycache__ -o -name messages -path '*/guanxi/messages' \) -prune -exec rm -rf {} +
