PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 300
EXPORT_VENV := .venv-export
EXPORT_EXTRAS ?= export
TORCH ?= torch==2.13.0

.PHONY: demo test lint types suite campaign test-export fuzz bench clean

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

test-export: $(EXPORT_VENV)/test.stamp ## models in other frameworks; EXPORT_EXTRAS=export,transformer-lens adds TransformerLens
	$(EXPORT_VENV)/bin/pytest tests/compiler/export "tests/docs/test_code_blocks.py::test_blocks[docs/compiler/export.md]"

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

$(EXPORT_VENV)/test.stamp: pyproject.toml
	$(PYTHON) -m venv $(EXPORT_VENV)
	$(EXPORT_VENV)/bin/python -m pip install --quiet --editable ".[test,$(EXPORT_EXTRAS)]" "$(TORCH)"
	@touch $@

$(VENV)/fuzz.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[fuzz]"
	@touch $@

clean:
	rm -rf $(VENV) $(EXPORT_VENV) .pytest_cache .ruff_cache build dist *.egg-info
