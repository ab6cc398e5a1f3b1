# The commands of this project; `make help` lists them. They need Linux, Python 3.11 or newer with venv, git and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/installed-for-running
READY_TO_TEST := $(VENV)/installed-for-testing

.PHONY: help demo demo-once demo-reset test check lint types contracts contract campaign simulate model chaos mutants bench translations screenshots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(INSTALLED): pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and was not found. Name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 2; fi
	@echo "Making a virtual environment in $(VENV) ($$($(PYTHON) --version)) …"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 2; }
	@echo "Installing the service and its libraries (a minute or two the first time) …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-warn-script-location -e '.[redis]' || { echo "Installing failed; the lines above say why. Nothing else was changed."; exit 2; }
	@touch $@

$(READY_TO_TEST): pyproject.toml $(INSTALLED)
	@echo "Installing what the tests need …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-warn-script-location -e '.[redis,dev]'
	@touch $@

demo: $(INSTALLED) ## the whole thing on this machine, on real issues; Ctrl-C ends it
	@exec $(RUN) -m tests.demo

demo-once: $(INSTALLED) ## the same without staying; exits 0 only if the page is right
	@exec $(RUN) -m tests.demo --once

demo-reset: $(INSTALLED) ## the demo again from nothing
	@exec $(RUN) -m tests.demo --reset

test: $(READY_TO_TEST) ## all tests; gets what they need and ends what it started
	@$(RUN) -m tests.provide
	@exec $(RUN) -m pytest -q --numprocesses auto --maxprocesses 8 --dist worksteal tests

check: lint types contracts test ## lint, types, import contracts and all tests

lint: $(READY_TO_TEST) ## ruff
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

types: $(READY_TO_TEST) ## mypy --strict
	@$(VENV)/bin/mypy

contracts: $(READY_TO_TEST) ## who may import whom
	@$(VENV)/bin/lint-imports

contract: $(READY_TO_TEST) ## all our traffic against Atlassian's interface descriptions (OKR_OPENAPI_DIR)
	@exec $(RUN) -m pytest -q tests/contract --require-descriptions

CASES := 20000
SEED := 1
campaign: $(READY_TO_TEST) ## 20,000 random cases of pages, people and figures; CASES=… SEED=…
	@exec $(RUN) -m tests.campaign --cases $(CASES) --seed $(SEED) --processes 2

EVENTS := 2
TEXTS := 1
FAULTS := 3
model: $(READY_TO_TEST) ## the small core in every state that it can come to, and the product led along; EVENTS=… TEXTS=… FAULTS=…
	@$(RUN) -m tests.model --events $(EVENTS) --texts $(TEXTS) --faults $(FAULTS)
	@$(RUN) -m tests.model --events 2 --texts 0 --faults 2 --early 1 --lease
	@$(RUN) -m tests.model --planted
	@exec $(RUN) -m tests.model --alongside

simulate: CASES := 1000
simulate: $(READY_TO_TEST) ## random histories of the whole product on one thread; CASES=… SEED=… RECORD=…; one of them told: ONLY=…
	@exec $(RUN) -m tests.simulation --cases $(CASES) --seed $(SEED) --processes 2 \
		$(if $(RECORD),--record $(RECORD)) $(if $(ONLY),--only $(ONLY) --shrink)

ROUNDS := 20
chaos: $(READY_TO_TEST) ## real processes killed, stopped and starved, round by round; ROUNDS=… SEED=…
	@$(RUN) -m tests.provide
	@$(RUN) -m pytest -q tests/chaos/share.py
	@exec $(RUN) -m tests.chaos --rounds $(ROUNDS) --seed $(SEED) --full-disk

mutants: $(READY_TO_TEST) ## planted bugs, and what notices each of them; two minutes of processor time for a bug at most
	@$(RUN) -m tests.provide
	@exec $(RUN) -m tests.mutants

bench: $(READY_TO_TEST) ## the figures; about a quarter of an hour, best on an idle machine
	@exec $(RUN) -m tests.benchmarks

translations: $(READY_TO_TEST) ## the words of the screens, brought up to what templates and code use
	@exec $(RUN) -m tests.translations

screenshots: $(READY_TO_TEST) ## the pictures in docs/, from a real browser
	@$(RUN) -m tests.provide
	@$(RUN) -m tests.screenshots
	@exec $(RUN) -m tests.gallery

clean: ## remove what these commands made
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache dist build
