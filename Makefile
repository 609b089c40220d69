# The two commands of a newcomer: `make run` shows a whole hall on this machine, `make test` checks everything.
# Everything else is the same set-up with another ending. System python3 >= 3.11, make and git are all that is needed.

PYTHON ?= python3
VENV := .venv/bin
PYTEST := QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software $(VENV)/python -m pytest
# A run that hangs says so instead of waiting for ever, and a worker that dies ends the run.
WITHIN := timeout --verbose 2400 env

.PHONY: run test setup check bench prove clean

run:
	@$(PYTHON) tools/setup.py demo $(if $(WINDOWS),--windows)
	@exec $(VENV)/hall-demo

setup:
	@$(PYTHON) tools/setup.py dev

test: check
	@$(WITHIN) $(PYTEST) tests -m "not slow" -n 2 --dist loadfile --max-worker-restart 0

check: setup
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports
	@$(VENV)/python tools/lint_qml.py

bench: setup
	@$(VENV)/python -m tests.benchmarks.bench

prove: setup
	@$(PYTEST) tests -n 2 --dist loadfile --max-worker-restart 0
	@$(VENV)/python -m tests.benchmarks.bench --quick

clean:
	@rm -rf build .venv *.egg-info
