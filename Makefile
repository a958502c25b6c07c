# Everything from git, make and Python 3.11: `make run` and `make test` fetch what they need into .venv and node_modules,
# once. `make help` lists the rest.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
WEB := services/console/web
DONE := $(VENV)/.done

TEST_PROCESSES ?= 2

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_NO_PROGRESS := 1

.DEFAULT_GOAL := help
.PHONY: help setup web chromium run test lint format contracts contracts-check bench faults clean

help: ## list what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

setup: $(DONE)/kith ## fetch everything that a run and the tests need
	@$(BIN)/python3 -m deploy.local.training

run: setup web ## start Kith with demo data, and say where to look; Ctrl-C stops it
	@KITH_DEMO=$${KITH_DEMO-1} exec $(BIN)/kith up

test: setup web chromium ## run all tests but the slow ones
	@$(BIN)/pytest -m "not slow" --numprocesses $(TEST_PROCESSES) --no-loadscope-reorder

faults: setup web ## kill and starve everything for a long while, and check that nothing was lost
	@$(BIN)/pytest -m slow --timeout 3600

bench: setup ## measure, as ratios in one run
	@$(BIN)/kith bench

lint: setup contracts-check ## check style, types, who imports whom, and that the contracts are the code's
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/pyright
	@$(BIN)/lint-imports

format: setup ## put the code into its shape
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

contracts: setup ## write OpenAPI, AsyncAPI and JSON Schemas
	@$(BIN)/kith contracts

contracts-check: setup
	@$(BIN)/kith contracts --check

clean: ## delete what was fetched and built; the data of local runs stay in .kith
	rm -rf $(VENV) $(WEB)/node_modules $(WEB)/dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# --- Python's parts: a virtual environment, uv into it by its sum, and everything else by the lock.

$(BIN)/python3:
	@test -n "$(PYTHON)" || { echo "Kith needs Python 3.11 or later, and no python3 is on the PATH. Install it, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Kith needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) comes without venv, which Kith is installed with. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(DONE)/uv: requirements/bootstrap.lock | $(BIN)/python3
	@echo "Fetching Kith's parts; this is done once."
	@$(BIN)/python3 -m pip install --quiet --require-hashes -r $<
	@mkdir -p $(DONE) && touch $@

$(DONE)/parts: requirements/dev.lock $(DONE)/uv
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python3 --require-hashes $<
	@touch $@

$(DONE)/kith: pyproject.toml $(DONE)/parts
	@$(BIN)/uv pip install --quiet --python $(BIN)/python3 --no-deps --no-build-isolation --editable .
	@touch $@

# --- The front end: Node comes with Python's parts. Built again only when something it is made of has changed.

ifneq ($(wildcard $(WEB)/package-lock.json),)
web: $(WEB)/dist/index.html

$(WEB)/node_modules/.done: $(WEB)/package-lock.json $(wildcard $(WEB)/.npmrc) | $(DONE)/kith
	@echo "Fetching the console's parts."
	@cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.done \
    $(shell find $(WEB) \( -name node_modules -o -name dist -o -name tests \) -prune -o -type f -print 2>/dev/null | sed 's/ /\\ /g')
	@echo "Building the console."
	@cd $(WEB) && npm run --silent build
	@touch $@
else
web:
	@echo "$(WEB) holds no front end; the console's pages are left out."
endif

# --- Browser tests drive the system's Chromium; without one they say that they did not run.

chromium:
	@sh deploy/local/chromium.sh || true
