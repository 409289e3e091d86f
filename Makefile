# Two commands do everything on a fresh machine: `make serve` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/replydesk

.DEFAULT_GOAL := help
.PHONY: help setup dev serve test fast check train evaluate suspects evaluate-real curve challenge peers bench data docs lock clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "replydesk needs Python 3.11 or newer; say make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

models/default/manifest.json: | $(VENV)/.installed
	$(RUN) train

setup: $(VENV)/.installed models/default/manifest.json  ## Environment, locked dependencies, a trained model

dev: setup $(VENV)/.installed-dev  ## What tests and checks need beside that

serve: setup  ## Serve on 127.0.0.1:8000
	$(RUN) serve

test: dev  ## Run the tests
	$(BIN)/python -m pytest

fast: dev  ## Run the tests without the slow ones
	$(BIN)/python -m pytest -m "not slow"

check: dev  ## What CI runs: tests, lint, types, import contracts, data
	$(BIN)/python -m pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(RUN) data check

train: $(VENV)/.installed  ## Train the default model anew
	$(RUN) train

evaluate: setup  ## Measure the model on the test messages
	$(RUN) evaluate data/corpora/test

curve: dev  ## Draw the learning curve anew (docs/learning_curve.png)
	$(BIN)/python -m training.curve

suspects: dev  ## Training messages whose label may be wrong, as suspects.csv
	$(BIN)/python -m training.suspects suspects.csv

evaluate-real: setup  ## Measure on labelled messages of your own: make evaluate-real DIR=path
	$(RUN) evaluate $(DIR)

challenge: dev  ## Measure on quoted mails, entities and pairs written apart from the code
	$(BIN)/python benchmarks/challenge.py

peers: dev  ## Quality, speed, size and training time beside readers of others (fastText: pip install fasttext-numpy2)
	$(BIN)/python benchmarks/peers.py

bench: dev  ## Speed beside the textbook pipeline and the empty endpoint
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/endpoint.py

data: $(VENV)/.installed  ## Validate all data files
	$(RUN) data check

docs: $(VENV)/.installed  ## Write docs/policies.md anew from the data
	$(RUN) data policies

lock: dev  ## Resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock

clean:  ## Remove environment and model
	rm -rf $(VENV) models
