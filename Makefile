# The two commands of a newcomer are `make demo` and `make test`; both set up what they need.
# Debian 12, as root or with the packages below already there. Repeating a command is cheap.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON := /usr/bin/python3.11
BIN := .venv/bin
UV := .uv/bin/uv
# The system's Python, whatever others the machine has; byte code now, so that the first start is quick.
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1
# The same of our own: the tests start our programs a thousand times.
unexport PYTHONDONTWRITEBYTECODE

APT_PACKAGES := python3 python3-venv python3-dev gcc libc6-dev pkg-config \
  libpcsclite-dev pcscd vsmartcard-vpcd \
  fonts-noto-cjk fonts-hanazono libchewing3 libchewing3-data chromium poppler-utils tmux cups cups-client \
  postgresql-15 make git iproute2 ca-certificates

.PHONY: help setup demo test style check bench soak screens lock clean distclean

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/.stamp-jiepin ## Install system packages, uv and the virtual environment

# What is installed can change behind a stamp's back, but then a command fails by name; asking dpkg
# again costs 10 ms only when this file changed.
.stamp-apt: Makefile
	@missing=
	for package in $(APT_PACKAGES); do
	  status=$$(dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null || true)
	  [ "$$status" = installed ] || missing="$$missing $$package"
	done
	if [ -n "$$missing" ]; then
	  if [ "$$(id -u)" != 0 ]; then
	    echo "These packages are missing; install them as root and try again:" >&2
	    echo "  apt-get install --no-install-recommends$$missing" >&2
	    exit 1
	  fi
	  export DEBIAN_FRONTEND=noninteractive
	  apt-get update
	  apt-get install --yes --no-install-recommends $$missing
	fi
	touch $@

.uv/.stamp: requirements-uv.lock | .stamp-apt
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# pyscard is compiled here: the lock also constrains what it is built with. What a newer lock no
# longer names goes, so that an old clone is what a fresh one is.
.venv/.stamp-lock: requirements.lock | .uv/.stamp
	[ -x $(BIN)/python ] || $(UV) venv --python $(PYTHON) .venv
	$(UV) pip sync --require-hashes --build-constraints $< $<
	touch $@

# Editable: `jiepin` and our packages are found from every directory and are always this tree.
.venv/.stamp-jiepin: pyproject.toml .venv/.stamp-lock
	$(UV) pip install --quiet --offline --no-deps --no-build-isolation --editable .
	touch $@

demo: setup ## Run a whole invented country; this terminal is a kiosk
	$(BIN)/jiepin demo $(ARGS)

style: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports

check: style ## Format, lint, types and import contracts
	$(BIN)/mypy

# Types are checked beside the tests: many of these wait for something. Neither hides what the
# other found.
test: style ## Everything a clean clone needs, `check` included
	mkdir -p build
	$(BIN)/mypy > build/types.txt 2>&1 & types=$$!
	$(BIN)/coverage erase
	failed=
	$(BIN)/coverage run -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder $(ARGS) || failed=tests
	wait $$types || failed="$$failed types"
	cat build/types.txt
	[ -z "$$failed" ]
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='core/*,matcher/*,kiosk/session/*' --fail-under=100
	$(BIN)/coverage report --omit='core/*,matcher/*,kiosk/session/*' --fail-under=85

bench: setup ## Measure; prints the table of docs/benchmarks.md
	$(BIN)/python -m tests.bench $(ARGS)

soak: setup ## Every long run, then a season with every kind of fault; ARGS, SEED, KIOSKS, TEACHERS
	$(BIN)/python -m tests.soak $(ARGS)
	$(BIN)/jiepin demo --headless --seed $(or $(SEED),1) --kiosks $(or $(KIOSKS),60) \
	  --teachers $(or $(TEACHERS),3000) --chaos --json

screens: setup ## Draw docs/screens again
	$(BIN)/python -m tests.screens $(ARGS)

LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11
lock: .uv/.stamp ## Resolve the newest versions and write the locks
	$(LOCK) --upgrade --all-extras --group dev --no-emit-package jiepin \
	  --output-file requirements.lock pyproject.toml
	echo 'uv>=0.13.8' | $(LOCK) --upgrade --output-file requirements-uv.lock -

clean: ## Remove caches and the demo country
	rm -rf build demo-data .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	  .pytest_cache .ruff_cache snapshot_report.html
	find . -path ./.venv -prune -o -path ./.uv -prune -o -name __pycache__ -print0 | xargs -0 rm -rf

distclean: clean ## Also remove what `setup` made (system packages stay)
	rm -rf .venv .uv .stamp-apt jiepin.egg-info
