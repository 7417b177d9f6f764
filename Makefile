# What a person types. Each target sets up what it needs first: the virtual environment in .venv, the page's libraries
# in static/node_modules. Stamp files remember what is installed; a changed list of dependencies installs again.

PYTHON ?= python3
ARGS ?=
# Test files are spread over three processes, for two cores: tests that start a program or drive a browser wait for them a
# third of their time. "make test WORKERS=" runs all files in one process. The files keep their order: by number of tests,
# the long files with few tests would come last, and one process would wait for the others.
WORKERS ?= -n 3 --dist loadfile --no-loadscope-reorder
SOAK_MINUTES ?= 10
# Property tests take the same examples on every machine; "make test HYPOTHESIS_PROFILE=dev" searches for new ones.
HYPOTHESIS_PROFILE ?= ci
export HYPOTHESIS_PROFILE
# Nothing that is installed outside the virtual environment may leak in.
unexport PYTHONPATH PYTHONHOME
export PYTHONNOUSERSITE := 1
# The tests start the program some sixty times; without stored bytecode it is compiled at each start.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(VENV_PYTHON) -m pip install --quiet --no-input --disable-pip-version-check -c .ci/constraints.txt
RUFF := $(VENV_PYTHON) -m ruff
# Installed without their dependencies: alpaca-mcp-server carries Alpaca's OpenAPI documents and needs a whole server
# framework; alpaca-trade-api asks for old versions of urllib3 and websockets and works with new ones.
ALPACA_CLIENTS := alpaca-mcp-server alpaca-trade-api deprecation
NODE_MODULES := static/node_modules
PAGE := static/dist/bundle.json
PAGE_SOURCES := $(wildcard static/*.html static/css/*.css) $(shell find static/js -name '*.js')
CLIENT_MODULES := clients/node_modules

.DEFAULT_GOAL := help
.PHONY: help run page setup test lint style types page-types client-types compiled-tests format bench soak recordings specs clients dist docs release chromium nginx nats
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

help:
	@echo 'make run      start the server; flags: make run ARGS="--port 9000 --seed 7"'
	@echo 'make page     bundle the terminal page into few files, static/dist; run, test and dist do it too'
	@echo 'make test     every test, the browser included; one of them: make test ARGS="-k hub"'
	@echo '              without the browser: make test BROWSER_TESTS=skip, without nginx: NGINX_TESTS=skip,'
	@echo '              without a NATS server: NATS_TESTS=skip'
	@echo 'make soak     200 kills, power cuts, floods, and a day of the market in $(SOAK_MINUTES) minutes; everything stays flat'
	@echo 'make recordings  the browser tests with recorded servers; every recording is replayed'
	@echo 'make setup    install everything that lint and test need, faster with -j4'
	@echo 'make lint     style, types of Python, types of JavaScript'
	@echo 'make format   rewrite the Python files in the house style'
	@echo 'make bench    measure against peers, some minutes on a quiet machine'
	@echo 'make specs    write the OpenAPI and AsyncAPI documents from the code: clients/specs'
	@echo 'make dist     build server and clients into dist/ and check them in a new environment'
	@echo 'make docs     serve the documentation as a site: http://127.0.0.1:8001'
	@echo 'make release  check version, changelog, distributions and documentation before a release'
	@echo 'make clients  write the generated part of the clients: clients/typescript, clients/python'

run: $(VENV)/runtime.stamp $(PAGE)
	@exec $(VENV_PYTHON) run.py $(ARGS)

page: $(PAGE)

# All that lint and test need. Packages of npm, Python and the distribution come from different places: "make -j4 setup".
setup: chromium nginx nats $(VENV)/dev.stamp $(PAGE) $(CLIENT_MODULES)/installed.stamp

test: chromium nginx nats $(VENV)/dev.stamp $(PAGE) $(CLIENT_MODULES)/installed.stamp
	@command -v node >/dev/null || { echo "make test: the page's tests need Node >= 20" >&2; exit 1; }
	node --test-reporter=spec tests/js/all.mjs
	$(VENV_PYTHON) -m pytest $(WORKERS) $(ARGS)

# Its parts are independent, and those of the set-up are too: "make -j2 lint" takes the time of the longest.
lint: style types page-types client-types

style: $(VENV)/dev.stamp
	$(RUFF) check --config .ci/ruff.toml .
	$(RUFF) format --check --config .ci/ruff.toml .

types: $(VENV)/dev.stamp
	$(VENV_PYTHON) -m mypy

page-types: $(NODE_MODULES)/installed.stamp
	@test -e $(NODE_MODULES)/installed.stamp || { echo "make lint: the page's types need Node >= 20 and npm" >&2; exit 1; }
	$(NODE_MODULES)/.bin/tsc --noEmit -p static/jsconfig.json

client-types: $(CLIENT_MODULES)/installed.stamp
	@test -e $(CLIENT_MODULES)/installed.stamp || { echo "make lint: the clients' types need Node >= 20 and npm" >&2; exit 1; }
	$(CLIENT_MODULES)/.bin/tsc --noEmit -p clients/typescript

# Collects the tests once, so that Python stores the bytecode of the tests and of what they import. Without it, each process
# of "make test" compiles them at the same time. A test that cannot be collected is reported by "make test".
compiled-tests: $(VENV)/dev.stamp
	@$(VENV_PYTHON) -m pytest --collect-only -qq >/dev/null || true

soak: $(VENV)/dev.stamp
	HYPOTHESIS_PROFILE=dev KILL_ROUNDS=200 POWER_CUTS=20 $(VENV_PYTHON) -m pytest tests/faults tests/handlers/stream
	KILL_ROUNDS=60 $(VENV_PYTHON) -m pytest tests/server/edge
	$(VENV_PYTHON) bench/soak.py --minutes $(SOAK_MINUTES)

recordings: chromium $(VENV)/dev.stamp $(PAGE)
	rm -rf artifacts/recordings
	RECORDINGS=artifacts/recordings $(VENV_PYTHON) -m pytest $(WORKERS) $(ARGS) tests/browser

format: $(VENV)/dev.stamp
	$(RUFF) check --fix --exit-zero --config .ci/ruff.toml .
	$(RUFF) format --config .ci/ruff.toml .

# Each of them has flags: .venv/bin/python -m bench.fanout --help
bench: $(VENV)/bench.stamp bench/node_modules/installed.stamp
	$(VENV_PYTHON) -m bench.fanout
	$(VENV_PYTHON) -m bench.rest
	$(VENV_PYTHON) -m bench.engine
	$(VENV_PYTHON) bench/durability.py

specs: $(VENV)/runtime.stamp
	$(VENV_PYTHON) run.py export-specs clients/specs

clients: specs $(CLIENT_MODULES)/installed.stamp
	@test -e $(CLIENT_MODULES)/installed.stamp || { echo "make clients: needs Node >= 20 and npm" >&2; exit 1; }
	node clients/generate.mjs
	$(VENV_PYTHON) clients/generate.py
	$(CLIENT_MODULES)/.bin/tsc --noEmit -p clients/typescript

dist: $(VENV)/dev.stamp $(PAGE) $(CLIENT_MODULES)/installed.stamp
	$(VENV_PYTHON) deploy/dist.py

docs: $(VENV)/dev.stamp
	NO_MKDOCS_2_WARNING=1 $(VENV_PYTHON) -m mkdocs serve --strict -f .ci/mkdocs.yml -a 127.0.0.1:8001

release: $(VENV)/dev.stamp $(PAGE) $(CLIENT_MODULES)/installed.stamp
	NO_MKDOCS_2_WARNING=1 $(VENV_PYTHON) deploy/release.py

chromium:
	@.ci/chromium

# Each may install packages of the distribution, one after the other.
nginx: | chromium
	@.ci/nginx

nats: | nginx
	@.ci/nats

$(VENV)/created.stamp:
	@for python in "$(PYTHON)" python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "setting up $(VENV) with $$python"; "$$python" -m venv $(VENV) && touch $@; exit; \
	  fi; \
	done; \
	echo "Python >= 3.11 is needed; name it with: make PYTHON=/path/to/python3.11" >&2; exit 1

# The build tool is pinned like everything else, so it comes first and the build is not isolated from it.
$(VENV)/runtime.stamp: $(VENV)/created.stamp setup.cfg setup.py pyproject.toml .ci/constraints.txt
	@echo 'installing what the server needs'
	@$(PIP_INSTALL) setuptools
	@$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

# Python compiles a module at its first import. To compile all of these takes half a minute, and most are never imported.
$(VENV)/dev.stamp: $(VENV)/runtime.stamp
	@echo 'installing what the tests and linters need'
	@$(PIP_INSTALL) --no-compile --no-build-isolation --editable '.[dev]'
	@$(PIP_INSTALL) --no-compile --no-deps $(ALPACA_CLIENTS)
	@touch $@

$(VENV)/bench.stamp: $(VENV)/runtime.stamp
	@echo 'installing the servers that the benchmarks compare with'
	@$(PIP_INSTALL) --no-build-isolation --editable '.[bench]'
	@touch $@

bench/node_modules/installed.stamp: bench/package.json bench/package-lock.json bench/.npmrc
	@if command -v npm >/dev/null; then \
	  cd bench && npm ci --loglevel=error && touch node_modules/installed.stamp; \
	else \
	  echo 'npm not found: the benchmarks leave Node out' >&2; \
	fi

# Without Node the server serves the page as it lies in static/.
$(PAGE): $(NODE_MODULES)/installed.stamp static/bundle.mjs $(PAGE_SOURCES)
	@if test -e $(NODE_MODULES)/installed.stamp; then echo 'bundling the page'; node static/bundle.mjs; fi

# Without npm the page still works, but for its chart: said at every call, so the stamp is not written.
$(NODE_MODULES)/installed.stamp: static/package.json static/package-lock.json static/.npmrc
	@if command -v npm >/dev/null; then \
	  echo 'installing what the page needs'; cd static && npm ci --loglevel=error && touch node_modules/installed.stamp; \
	else \
	  echo 'npm not found: the page will have no chart until Node.js is installed' >&2; \
	fi

$(CLIENT_MODULES)/installed.stamp: clients/package.json clients/package-lock.json clients/.npmrc
	@if command -v npm >/dev/null; then \
	  echo 'installing what generates and checks the clients'; cd clients && npm ci --loglevel=error && touch node_modules/installed.stamp; \
	else \
	  echo 'npm not found: the clients cannot be generated or checked until Node.js is installed' >&2; \
	fi
