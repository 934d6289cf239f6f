# `make` alone prints what there is. Everything lives in .venv; it is filled again only when a lock file changes.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
T ?= tests
PORT ?= 8000
# Where an environment forbids it, every process of every run would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test soak coverage bench lint style types imports secrets static pictures lock wheel clean

help: ## print this
	@echo "Transition Exchange"
	@echo
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-9s %s\n", $$1, $$2}'
	@echo
	@echo "  make test T=tests/web/test_gate.py       one file; T takes what pytest takes"

run: .venv/ready-run ## set everything up and serve a sample area at http://localhost:8000 (PORT=...)
	$(BIN)/transition-exchange demo --port $(PORT)

test: .venv/ready-test ## lint, types, which way imports run, and every test (T=path for some)
ifeq ($(T),tests)
	$(MAKE) --no-print-directory lint
endif
	$(BIN)/pytest $(T)

soak: .venv/ready-test ## everything that a writer to the database could do, every order in which a team gets work, and every value on PostgreSQL; an hour or two
	$(BIN)/pytest -m soak --dist load tests/exchange/walks
	$(BIN)/pytest -k postgresql tests/exchange tests/mail tests/commands

coverage: .venv/ready-test ## which lines and branches the tests reach (T=path for some)
	rm -rf .coverage && mkdir .coverage
	$(BIN)/coverage run -m pytest $(T)
	find .coverage -empty -delete # a process that is killed, as those that render are, leaves an empty file
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

bench: .venv/ready-test ## measure, each figure against its baseline in the same run
	$(BIN)/python -m tests.benchmarks

lint: .venv/ready-test ## style, types, import floors, no secret among the files; two at a time
	@$(MAKE) --no-print-directory --jobs 2 secrets types style imports

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports --no-cache

secrets:
	$(BIN)/detect-secrets-hook --exclude-files '(sealing-vectors|schemas/lock|migrations/\d+)\.json$$|\.lock$$' $$(git ls-files)

pictures: .venv/ready-test ## make the README's pictures anew from the sample area
	$(BIN)/python packaging/pictures.py

static: .venv/installed ## copy the design system and our own styles beside the pages
	$(BIN)/python packaging/static_files.py

wheel: static ## build dist/*.whl with templates, schemas and static files
	$(BIN)/python -m hatchling build -t wheel

lock: .venv/installed ## choose versions anew: names, versions and hashes, no registry's address
	$(BIN)/python packaging/lock.py

clean: ## remove what was built, .venv apart
	rm -rf build dist node_modules transition_exchange/web/static .venv/static .venv/ready-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# ---- what the targets stand on --------------------------------------------------------------------
.venv/bin/python:
	$(PYTHON) packaging/check_python.py
	$(PYTHON) -m venv .venv

.venv/installed: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/system-run: packaging/system_needs.sh
	packaging/system_needs.sh run
	@mkdir -p .venv && touch $@

.venv/system-test: packaging/system_needs.sh
	packaging/system_needs.sh test
	@mkdir -p .venv && touch $@

.venv/static: .venv/installed package-lock.json packaging/static_files.py $(wildcard transition_exchange/web/static_src/*)
	$(BIN)/python packaging/static_files.py
	@touch $@

.venv/ready-run: .venv/system-run .venv/installed .venv/static
	@touch $@

.venv/ready-test: .venv/system-test .venv/installed .venv/static
	@touch $@
