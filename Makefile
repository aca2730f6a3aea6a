# `make` lists the targets. Everything is installed into .venv/ from the hashed lock files.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
PYTHON ?= python3
# Two workers: the browser tests and PostgreSQL want a core of their own.
WORKERS ?= 2

.PHONY: help setup setup-dev run demo harvest nightly check format test docs torture bench lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed ## install Footnote into .venv

setup-dev: .venv/.installed-dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Footnote needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

# setuptools comes from the lock, so that building our own package fetches nothing more. What the build leaves in the
# checkout is removed: an old copy would hide the commands and claims that the installed package announces.
define install
	@if [ -n "$(UV)" ]; then \
	  VIRTUAL_ENV=.venv uv pip install --quiet --compile-bytecode --require-hashes -r $(1) && \
	  VIRTUAL_ENV=.venv uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@rm -rf footnote.egg-info
endef

.venv/.installed: .venv/bin/python requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

.venv/.installed-dev: .venv/bin/python requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $@ .venv/.installed

.venv/.installed-bench: .venv/bin/python requirements-bench.lock pyproject.toml
	$(call install,requirements-bench.lock)
	@touch $@ .venv/.installed-dev .venv/.installed

run: .venv/.installed ## open the review app on http://localhost:8501
	$(BIN)/python -m review_app

demo: .venv/.installed ## the app on a demonstration library, in which everything is invented
	$(BIN)/python -m review_app.demo

harvest: .venv/.installed ## fetch what PubMed has on the topic
	$(BIN)/harvest sync

nightly: .venv/.installed ## what is new, what changed, and what it touches
	$(BIN)/harvest refresh

check: .venv/.installed-dev ## lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_architecture.py

format: .venv/.installed-dev ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A file stays with one worker, so that its apps start once. What a browser missed on a busy machine is named, and must
# pass when it runs once more, alone; nothing else gets a second chance.
SPREAD := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
test: .venv/.installed-dev ## run all tests, the browser and PostgreSQL ones too where they can
	$(BIN)/pytest $(SPREAD) -m browser || { test $$? -eq 1 && $(BIN)/pytest -m browser --last-failed --last-failed-no-failures none; }
	$(BIN)/pytest $(SPREAD) -m "not browser"

docs: .venv/.installed-dev ## whether the documentation is true: its commands, options, settings, links
	$(BIN)/pytest -q tests/test_docs.py

torture: .venv/.installed-dev ## harvests killed at random moments, damaged XML (KILLS=200 SEED=1 ONLY=sync,fuzz)
	@PYTHONPATH=tests $(BIN)/python -m torture $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

bench: .venv/.installed-bench ## one page of measurements, against peers where there are any (ONLY=parse,load LONG=1)
	@PYTHONPATH=tests $(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(LONG),--long)

lock: ## resolve the lock files anew (needs uv)
	uv pip compile pyproject.toml --group build --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 -o requirements-dev.lock
	uv pip compile pyproject.toml --group build --group dev --group bench --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 -o requirements-bench.lock
