# One file for every task. A fresh machine needs git, make and Python 3.11 or newer; the rest is fetched as locked.
#
#   make demo    set up, walk the whole road on real data, serve the app   (ARGS="--no-serve --json" are passed on)
#   make test    set up, run the tests
#
# Where packages come from is the environment's business (UV_DEFAULT_INDEX, UV_INDEX, PIP_INDEX_URL, SSL_CERT_FILE …).

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

ARGS ?=
TESTS ?=
PYTEST ?= python -m pytest
BENCH ?= road.py 'belief.py speed' 'belief.py scenarios' cast.py collect.py explore.py learn.py store.py
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
NODE := .uv/node/.ready
UV := tools/uv.sh
GOT_UV := .uv/uv
LOCKS := requirements/runtime.txt requirements/dev.txt requirements/build.txt
WEB := $(wildcard web/*.html web/*.json web/*.js web/*.ts) $(shell [ -d web ] && find web/src web/public -type f ! -name schema.d.ts)
PACKAGE := pyproject.toml $(wildcard hatch_build.py)

export UV_PYTHON_DOWNLOADS := never
# A lock names exact files by hash, so it is safe to take them from whichever of the configured places has them.
export UV_INDEX_STRATEGY ?= unsafe-best-match
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint style format types imports docs bench lock web dev reference journeys web-check clean

help:
	@echo 'make demo   set up, walk the whole road on real data, then serve the app (ARGS="--no-serve --json")'
	@echo 'make test   set up, run the tests (TESTS="tests/belief -k majority")'
	@echo 'make lint   ruff, mypy --strict, import contract'
	@echo 'make docs   build the documentation into site/'
	@echo 'make reference   write docs/reference anew from the code'
	@echo 'make web    build the web app into the package'
	@echo 'make web-check   types, lint and tests of the web app'
	@echo 'make journeys    drive the app in a real Chromium'
	@echo 'make bench  speed and quality'
	@echo 'make lock   renew the locked versions in requirements/ (ARGS=--upgrade for the newest)'
	@echo 'make dev    set up for development, nothing more'

demo: $(RUNTIME)
	@$(BIN)/groundswell demo $(ARGS)

test: $(DEV)
	$(BIN)/$(PYTEST) $(or $(TESTS),-m "not browser and not postgres")

lint: style format types imports

style: $(DEV)
	$(BIN)/ruff check .

format: $(DEV)
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports

docs: $(DEV)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

reference: $(DEV)
	$(BIN)/python tools/reference.py

journeys: $(DEV)
	$(BIN)/python -m pytest -m browser tests/web

bench: $(DEV)
	@for script in $(BENCH); do echo "== bench/$$script"; $(BIN)/python bench/$$script || exit 1; done

dev: $(DEV)

# ---- set-up ---------------------------------------------------------------------------------------------------------

# The machine's own uv, else one in a folder of ours.
$(GOT_UV): requirements/uv.txt tools/get_uv.sh
	@sh tools/get_uv.sh "$(CURDIR)/.uv" requirements/uv.txt

$(BIN)/python: | $(GOT_UV)
	@$(UV) venv --quiet --allow-existing --python "$$(cat .uv/python)" $(VENV)

# $(call install,LOCK): exactly the locked packages, then the project itself; its build hook builds the web app.
define install
	@echo "Installing the packages of $(1)" >&2
	@$(UV) pip sync --quiet --python $(BIN)/python --build-constraints requirements/build.txt --require-hashes $(1)
	@echo "Installing Groundswell and building its web app" >&2
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --build-constraints requirements/build.txt --editable .
endef

# What the tests need holds what the demo needs: an environment made for the tests stays one.
$(RUNTIME): $(LOCKS) $(PACKAGE) $(WEB) | $(BIN)/python
	$(call install,$(if $(wildcard $(DEV)),requirements/dev.txt,requirements/runtime.txt))
	@touch $(wildcard $(DEV)) $@

$(DEV): $(LOCKS) $(PACKAGE) $(WEB) | $(BIN)/python
	$(call install,requirements/dev.txt)
	@touch $(RUNTIME) $@

# The machine's Node if it is new enough, else one from a wheel.
$(NODE): requirements/build.txt tools/get_node.sh | $(GOT_UV)
	@sh tools/get_node.sh "$(CURDIR)/.uv/node" $(UV) "$$(cat .uv/python)" requirements/build.txt
	@touch $@

web: $(NODE)
	PATH="$$(cat .uv/node/path):$$PATH" && cd web && npm ci --no-fund --no-audit && npm run build

web-check: $(NODE)
	PATH="$$(cat .uv/node/path):$$PATH" && cd web && npm ci --no-fund --no-audit && npm run check && npm run lint && npm test

# ---- locks ----------------------------------------------------------------------------------------------------------

COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command 'make lock' $(ARGS)

# The development lock first; the demo's packages are the same versions.
lock: $(GOT_UV)
	$(COMPILE) pyproject.toml --all-extras --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml --constraints requirements/dev.txt -o requirements/runtime.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt
	$(COMPILE) requirements/uv.in -o requirements/uv.txt

clean:
	rm -rf .venv .uv site dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
