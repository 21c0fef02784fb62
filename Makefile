# Two commands matter on a fresh machine with Python 3.11, make and git: `make demo` and `make test`.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts unit properties servers e2e crds bench-forecast bench-planner bench-policies bench-regions bench-scenarios bench-simulator bench-traces clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(VENV)/installed: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Meetscale needs $(PYTHON); name another with make PYTHON=..." >&2; exit 2; }
	@echo "Installing Meetscale into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(VENV)/installed ## Create the virtual environment and install into it

demo: $(VENV)/installed ## Replay the overnight 10x and write out/overnight-10x.html
	@mkdir -p out
	@$(BIN)/meetscale simulate overnight-10x --report out/overnight-10x.html

test: check servers e2e ## Everything: the fast checks, then the tiers on real servers

check: lint types contracts unit ## What is fast: lint, types, contracts, unit and property tests

lint: $(VENV)/installed ## Style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/installed ## mypy --strict
	@$(BIN)/mypy

contracts: $(VENV)/installed ## The rings: arrows point inward only
	@$(BIN)/lint-imports

unit: $(VENV)/installed ## Unit and property tests, without servers
	@HYPOTHESIS_PROFILE=ci $(PYTEST) --numprocesses auto -m "not plane and not prometheus and not live and not sfu"

properties: $(VENV)/installed ## What must always hold of the planner, on 100,000 random cases each (an hour and a half on one core)
	@HYPOTHESIS_PROFILE=nightly $(PYTEST) tests/autoscaler/planner/test_properties.py tests/autoscaler/planner/test_envelope.py

servers: $(VENV)/installed ## Build or fetch the real servers that the tests run on (cached in ~/.cache/meetscale)
	@$(BIN)/python -m tests.servers

e2e: $(VENV)/installed servers ## The tiers on a real API server, Prometheus, Karpenter and LiveKit
	@$(PYTEST) -m "plane or prometheus or live or sfu"

$(VENV)-bench/installed: pyproject.toml constraints.txt constraints-bench.txt
	@echo "Installing Meetscale and the benchmark's peers into $(VENV)-bench ..."
	@$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --constraint constraints-bench.txt --editable '.[bench]'
	@touch $@

bench-forecast: $(VENV)-bench/installed ## Forecast accuracy and speed beside published packages (data: MEETSCALE_BENCH_DATA)
	@OPENBLAS_NUM_THREADS=1 $(VENV)-bench/bin/python -W ignore -m benchmarks.forecast

bench-planner: $(VENV)/installed ## What deciding costs for 1,000 pools and for one
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.planner

bench-policies: $(VENV)/installed ## Blocked joins against cost of every policy, dials tuned on other seeds (half an hour)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.policies

bench-regions: $(VENV)/installed ## What planning regions together saves, and how far from the optimum it is
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.regions

bench-scenarios: $(VENV)/installed ## The goals in every shipped scenario, dials tuned on other seeds (an hour)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.scenario_goals

bench-traces: $(VENV)/installed ## The goals on real load, tuned on other traces (data: MEETSCALE_BENCH_DATA)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.traces

suite: $(VENV)/installed ## Every scenario: what Meetscale asserts of itself, and which policies fail it (SEEDS=1)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -W ignore -m benchmarks.suite $(or $(SEEDS),1)

bench-simulator: $(VENV)/installed ## Simulated over real time of every scenario, and where the time goes
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.simulator

crds: $(VENV)/installed ## Write manifests/crds/ from the models
	@$(BIN)/python -m autoscaler.resources.crd manifests/crds

clean: ## Remove what was built here (not ~/.cache)
	@rm -rf $(VENV) $(VENV)-bench out build *.egg-info
