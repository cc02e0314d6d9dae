# Each target does all of its own set-up: it needs only make, Python 3.11 or newer, and a registry.
# Another interpreter: make test PYTHON=python3.12

PYTHON ?= python3
RESULTS ?= results/peninsula
VENV := .venv
BIN := $(VENV)/bin
# Named for the interpreter, so that asking for another one builds the environment anew.
READY := $(VENV)/ready-$(subst /,-,$(PYTHON))
LOWEST := $(CURDIR)/$(VENV)/lowest
CORE := tests/case/test_reader.py tests/case/test_schema.py tests/values tests/text \
	tests/engine/test_chunk_file.py tests/engine/test_run.py tests/oneshot/test_closed_forms.py \
	tests/study/test_design.py tests/evidence/test_seal.py

export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint types cases kernels pytest validate lowest clean

help:
	@echo "make demo    run the flagship case; results in $(RESULTS)"
	@echo "make test    lint, types, built-in cases and all tests"
	@echo "make lint    ruff alone;  make types  mypy alone;  make pytest  the tests alone"
	@echo "make validate  the long checks: 26,000 conflicts by brute force, 20,000 broken files, 3,000 documents"
	@echo "make lowest  a core of the tests with the lowest versions that pyproject.toml declares"
	@echo "make clean   remove the environment, caches and results"

demo: $(READY)
	$(BIN)/detente run peninsula --output $(RESULTS)

test: $(READY)
	$(MAKE) --jobs=2 --output-sync=target lint types cases kernels
	$(MAKE) pytest

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

cases: $(READY)
	$(BIN)/detente check --strict src/detente/cases/*.yaml src/detente/templates/*.yaml

# Both workers of pytest would compile the same kernels.
kernels: $(READY)
	$(BIN)/python tests/compiled_kernels.py

pytest: $(READY)
	$(BIN)/python -m pytest

validate: $(READY) lowest
	DETENTE_BATCHES=40 DETENTE_FUZZ=20000 $(BIN)/python -m pytest tests/stability \
		tests/equilibrium tests/oneshot tests/case tests/study tests/evidence
	DETENTE_BATCHES=50 $(BIN)/python -m pytest tests/claims
	DETENTE_FUZZ=3000 $(BIN)/python -m pytest tests/reading tests/templates
	$(BIN)/python benchmarks/agreement.py
	DETENTE_INSTANTS=30 $(BIN)/python -m pytest tests/cli/test_signals.py \
		tests/cli/test_stopping_soon.py

# Of Python 3.11 or 3.12: the lowest numba knows no newer one.
lowest: $(READY)
	$(PYTHON) -m venv --clear $(LOWEST)
	$(PYTHON) tests/lowest_versions.py > $(LOWEST)/lowest.txt
	$(LOWEST)/bin/python -m pip install --quiet --requirement $(LOWEST)/lowest.txt
	$(LOWEST)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	NUMBA_CACHE_DIR=$(LOWEST)/kernels $(LOWEST)/bin/python -m pytest $(CORE)

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "detente needs Python 3.11 or newer; there is no \
	$(PYTHON) here. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("detente needs Python 3.11 \
	or newer; $(PYTHON) is %s.\nName another: make PYTHON=python3.12 ..." % sys.version.split()[0])'
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo "$(PYTHON) -m venv failed; some systems pack venv apart (python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt hatchling
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation \
		--editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) results dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
