PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 300
TEST_EXTRAS ?= test
TEST_PINS ?=
TEST_STAMP := $(VENV)/$(TEST_EXTRAS).stamp

.PHONY: demo test lint types suite campaign docs fuzz bench clean

demo: $(VENV)/demo.stamp ## compile a program to weights, run it, verify it
	@$(BIN)/python examples/demo.py

test: lint types suite ## what a change must pass; with TEST_EXTRAS=test,export,ray also installs PyTorch, ONNX and Ray

lint: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_STAMP)
	$(BIN)/pyright --pythonpath $(BIN)/python

suite: $(TEST_STAMP) $(VENV)/chromium.stamp
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

campaign: $(TEST_STAMP) ## the long random checks
	$(BIN)/pytest -m slow

docs: $(TEST_STAMP) ## the site, in docs/_build/html, and its tests; every code block is run first
	$(BIN)/pytest -n 2 tests/docs
	$(BIN)/python -m sphinx -b html -W --keep-going --quiet docs docs/_build/html

fuzz: $(VENV)/fuzz.stamp ## random bytes as programs, with atheris, for FUZZ_SECONDS
	$(BIN)/python tests/fuzz/fuzz_language.py -max_total_time=$(FUZZ_SECONDS)

bench: $(TEST_STAMP) ## time and memory of the interpreter; BENCH="--rasp PATH --np-rasp PATH" adds the published ones
	$(BIN)/python benchmarks/interpreters.py $(BENCH)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/demo.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[compiler]"
	@touch $@

$(TEST_STAMP): $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[$(TEST_EXTRAS)]" $(TEST_PINS)
	@touch $@

$(VENV)/chromium.stamp: $(VENV)/bin/python tests/browser/chromium.sh
	sh tests/browser/chromium.sh
	@touch $@

$(VENV)/fuzz.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[fuzz]"
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache build dist docs/_build *.egg-info
