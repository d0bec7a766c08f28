# Every target makes the environment it needs, from python3 with pip and venv alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo up test test-server test-postgresql test-cluster test-chaos test-slow test-browser test-full postfix check bench lock sample clean

demo: $(READY) ## The main job on the sample register of Cao Bằng 2019
	$(BIN)/khcn demo

up: $(READY) ## Server, worker and deployments on this machine, until Ctrl-C
	$(BIN)/khcn up

test: $(READY) ## All tests on SQLite and PostgreSQL, but for those on a real Prefect server
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

test-server: $(READY) ## The flows on a real Prefect server and worker
	$(BIN)/pytest -m "server and not cluster and not chaos and not slow"

test-postgresql: $(READY) ## Those through processes once more, our ledger on PostgreSQL
	KHCN_TEST_DATABASE=postgresql $(BIN)/pytest -m "server and not cluster and not chaos and not slow"
	KHCN_TEST_DATABASE=postgresql $(BIN)/pytest tests/cli

postfix: $(READY) ## The mail channel through Debian's Postfix; where it cannot be had, says so
	if bash scripts/have_postfix.sh; then $(BIN)/pytest -m postfix tests/notifications; fi

test-browser: $(READY) ## The Prefect UI and the report in Chromium; where there is none, says so
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[browser]'
	if bash scripts/have_chromium.sh; then $(BIN)/pytest -m browser tests/browser; fi

test-slow: $(READY) ## What takes minutes: deliverers killed again and again, a month of reminders
	$(BIN)/pytest -s -m slow

test-cluster: $(READY) ## Several servers, PostgreSQL, Redis, three workers; the image's steps
	$(BIN)/pytest -m cluster

test-chaos: $(READY) ## kill -9, losses and races on a real server; each prints its count
	$(BIN)/pytest -m chaos -s

test-full: test test-server test-postgresql test-browser postfix test-slow test-cluster test-chaos ## Everything there is, before a release

check: $(READY) ## Formatting, lints, types, layers, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_migrations.py
	$(BIN)/python scripts/bake_calendar.py --check
	$(BIN)/python scripts/compile_locale.py --check
	$(BIN)/python scripts/publish_schema.py --check
	$(BIN)/python scripts/compare_report.py --check

bench: $(READY) ## Ratios side by side
	$(BIN)/python -m benchmarks

lock: $(READY) ## requirements.lock anew, without index addresses
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --quiet --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev pyproject.toml -o requirements.lock

sample: $(READY) ## The sample workbooks anew
	$(BIN)/python samples/cao_bang_2019/make_sample.py

clean: ## Everything that targets made
	rm -rf $(VENV) .khcn .khcn-demo

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@
