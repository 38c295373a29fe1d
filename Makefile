# Two commands matter to a newcomer: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV ?= .venv
CASES ?= 500
JOBS ?= 2
ARGS ?=
SHARD ?= 1/1

PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
ROOMS := config connectors console contracts domain mappings pipelines sandbox scheduler store
LOCK := $(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --quiet $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv demo test check static format-check format lint types contracts bars coverage-bars wheel lock clean \
	faults faults-merge

help: ## list the targets
	@echo "cii-sync: make <target> [PYTHON=python3.12] [CASES=500] [ARGS='-k words']"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

venv: $(VENV)/.project $(VENV)/.dev ## the whole environment, re-made when a lock file changes

demo: $(VENV)/.project ## the real work against the sandbox, on loopback only: CASES=500
	$(VENV)/bin/cii-sync demo --cases $(CASES)

test: $(VENV)/.project $(VENV)/.dev ## every test; those that need a server that is away say so: ARGS='-k words'
	$(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: static ## every bar of the project: format, lint, types, contracts, sizes, and last the tests with their coverage
	@rm -f .coverage .coverage.*
	$(MAKE) --no-print-directory test ARGS="$(ARGS) --cov --cov-config=pyproject.toml --cov-report="
	$(MAKE) --no-print-directory coverage-bars

static: format-check lint types contracts bars

format-check: $(VENV)/.dev
	$(PY) -m ruff format --check .

format: $(VENV)/.dev ## write every file in the house style
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix-only --quiet .

lint: $(VENV)/.dev ## ruff, the wide set
	$(PY) -m ruff check .

types: $(VENV)/.dev ## mypy --strict, tests included
	$(PY) -m mypy

contracts: $(VENV)/.dev ## which room may import which
	$(VENV)/bin/lint-imports

bars: $(VENV)/.dev ## sizes, patches per test, late imports, broad handlers, one room per library, names
	$(PY) -m tests.bars

coverage-bars: $(VENV)/.dev # judges what the last `make check` measured
	@$(PY) -m coverage json --quiet -o .coverage.json
	$(PY) -m tests.bars.coverage .coverage.json

faults: $(VENV)/.project $(VENV)/.dev ## a process killed at every named instant, by shards: SHARD=1/4 ARGS='--runner celery'
	$(PY) -m tests.faults --shard $(SHARD) $(ARGS)

faults-merge: $(VENV)/.dev ## the shards' results added up in docs/faults/results.json
	$(PY) -m tests.faults --merge

wheel: $(VENV)/.run ## the package as a file in dist/ (never uploaded anywhere)
	@rm -rf build
	$(PY) -m pip wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps --wheel-dir dist .
	@ls dist/*.whl

lock: $(VENV)/.dev ## resolve both lock files anew, pins kept: UPGRADE=1 takes the newest
	$(LOCK) --extra build -o requirements/run.lock
	$(LOCK) --extra build --extra dev --constraints requirements/run.lock -o requirements/dev.lock

clean: ## remove what was made here, the environment included; var/ (state, keys) is kept
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache *.egg-info node_modules
	find $(ROOMS) tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment in three steps, each with its stamp: what runs, our own project, what develops (a superset).
$(VENV)/.run: requirements/run.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "cii-sync needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1 | head -n 1)." >&2; \
		echo "Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' comes without venv; on Debian install the package python3-venv first." >&2; exit 1; }
	@echo "Installing the locked packages into $(VENV) (first time, or the lock changed) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --require-hashes -r requirements/run.lock
	@touch $@

$(VENV)/.project: $(VENV)/.run pyproject.toml
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	@echo "Installing the locked development packages into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@
