PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 300

.PHONY: demo test lint types suite campaign fuzz bench clean

demo: $(VENV)/demo.stamp ## compile a program to weights, run it, verify it
	@$(BIN)/python examples/demo.py

test: lint types suite ## everything that a change must pass

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp
	$(BIN)/pyright --pythonpath $(BIN)/python

suite: $(VENV)/test.stamp
	$(BIN)/pytest -n 2 -m "not slow"

campaign: $(VENV)/test.stamp ## the long random checks
	$(BIN)/pytest -m slow

fuzz: $(VENV)/fuzz.stamp ## random bytes as programs, with atheris, for FUZZ_SECONDS
	$(BIN)/python tests/fuzz/fuzz_language.py -max_total_time=$(FUZZ_SECONDS)

bench: $(VENV)/test.stamp ## time and memory of the interpreter; BENCH="--rasp PATH --np-rasp PATH" adds the published ones
	$(BIN)/python benchmarks/interpreters.py $(BENCH)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/demo.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[compiler]"
	@touch $@

$(VENV)/test.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	@touch $@

$(VENV)/fuzz.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[fuzz]"
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache build dist *.egg-info
