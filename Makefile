# Every target sets the project up first; that costs nothing once it is done.
# DATABASE_URL, when set, wins over the private PostgreSQL everywhere.

PYTHON ?= python3
BIN := .venv/bin
# Each test process has a PostgreSQL of its own, so more of them than this gain little.
# Tests of one group (those with a browser) share one process, and what they started.
PYTEST := $(BIN)/pytest -n auto --maxprocesses 4 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help set-up demo run test check fuzz bench clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST)

set-up: ## the tools and packages in .venv, as uv.lock says
	@$(PYTHON) -m ledger.embedded.bootstrap

demo: set-up ## a short story of payments, told by the tables
	@$(BIN)/billing demo

run: set-up ## web server, bookkeeper and projections, with a stand-in for Stripe
	@$(BIN)/billing run

test: check ## the checks, then every test
	$(PYTEST)

check: set-up ## lint, format, types and the rules of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/house

fuzz: set-up ## a hundred thousand unsound inputs for each of the tests in tests/fuzz, new examples
	$(BIN)/pytest -q --fuzz-inputs=100000 tests/fuzz
	$(BIN)/pytest -q --hypothesis-profile=exploring -m hypothesis

bench: set-up ## measurements; each proves its result first
	$(BIN)/python -m benchmarks

clean: ## remove what set-up and the tools made; data stays
	rm -rf .venv .venv-tools .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
