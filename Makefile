# Needs Python 3.11 or newer and make; everything else is fetched, with its hash checked.

PYTHON ?= python3
VENV := .venv
# Bytecode is kept whatever the environment says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
BIN := $(VENV)/bin
FONTS := dashboard/static/fonts
EXPORT := ../shared/data/last_mile_orders_india_2022.csv
LOCKING := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help venv fonts demo check format schema release-schema test test-all bench ledger outcomes engine screenshots lock

help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(VENV)/.installed ## make the virtual environment, once

# Needs npm. Without the fonts the dashboard is set in what the machine has.
fonts: $(FONTS)/inter.woff2 ## fetch the fonts that the dashboard is set in, once

# make demo                  plays about 40 orders, then stays up until Ctrl-C
# make demo ONCE=1           ends by itself; exit code 0 only if the ledger balances
# make demo ORDERS=file.csv  replays an export of real orders
# make demo LIMIT=n SEED=n   other numbers
demo: venv ## show everything at work, with a sandbox in place of merchants, Twilio and a mail server
	@command -v npm > /dev/null && $(MAKE) --no-print-directory fonts \
		|| echo "Without npm's fonts, pages are set in what this machine has."
	@$(BIN)/doorstep demo \
		$(if $(ORDERS),--orders "$(ORDERS)") \
		$(if $(filter-out 0,$(ONCE)),--once) \
		$(if $(LIMIT),--limit $(LIMIT)) \
		$(if $(SEED),--seed $(SEED))

check: venv ## linters, formatting, types, who may import whom, what is published, migrations, retired words
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m compatibility check
	@$(BIN)/python -m compatibility.reference check
	@$(BIN)/python -m compatibility.migrations
	@$(BIN)/python -m compatibility.retired_words

format: venv ## put the code into its one form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schema: venv ## write the published payload schema, its examples and the API reference anew
	@$(BIN)/python -m compatibility write
	@$(BIN)/python -m compatibility.reference write

release-schema: venv ## freeze the payload schema of the day: what partners may rely on from now on
	@$(BIN)/python -m compatibility release

test: venv ## the tests: a real Temporal server, a real PostgreSQL, real HTTP
	@$(BIN)/pytest -n 3 --dist worksteal -m "not extended" \
		-p no:schemathesis --ignore=tests/browser --ignore=tests/api/test_fuzzing.py

# As root on Debian it installs what is missing: Chromium, fonts, HAProxy, nginx, Node with npm, PgBouncer, PHP, Postfix, promtool.
test-all: venv ## what takes longer or needs more: real peers, Chromium, API fuzzing, the demo, a ledger
	@$(BIN)/python -m tests.support.programs
	@$(BIN)/pytest -n 2 --dist worksteal -m extended
	@$(MAKE) --no-print-directory demo ONCE=1 LIMIT=200 $(if $(wildcard $(EXPORT)),ORDERS=$(EXPORT))
	@$(BIN)/python -m benchmarks.ledger --short

# make ledger                  2,000 events, five kills of each process
# make ledger SEED=n           the same kills again
# make ledger SCENARIO=outage  Temporal away for 60 s; SCENARIO=cluster: 2 APIs, 3 workers;
#                              SCENARIO=failover: its namespace fails over, its proxy loses the route
# make ledger ENGINE=production  on the Temporal server that production has: see engine
ledger: venv ## kill every process again and again, and count: nothing may be lost
	@$(BIN)/python -m benchmarks.ledger \
		$(if $(EVENTS),--events $(EVENTS)) \
		$(if $(RATE),--rate $(RATE)) \
		$(if $(SEED),--seed $(SEED)) \
		$(if $(KILLS),--kills $(KILLS)) \
		$(if $(SCENARIO),--scenario $(SCENARIO)) \
		$(if $(ENGINE),--engine $(ENGINE))

# make outcomes           20,000 events of twelve weeks, in about twenty minutes
# make outcomes EVENTS=n  fewer, SEED=n the same orders, faults and customers again
# make outcomes WRITE=1   puts the table into docs/outcomes.md and README.md
outcomes: venv ## play twelve weeks through the real system, with faults, and hourly polling beside it
	@$(BIN)/python -m benchmarks.outcomes \
		--orders "$(or $(ORDERS),$(EXPORT))" \
		$(if $(EVENTS),--events $(EVENTS)) \
		$(if $(RATE),--rate $(RATE)) \
		$(if $(SEED),--seed $(SEED)) \
		$(if $(filter-out 0,$(WRITE)),--write)

# make bench ONLY=part  one of engine, burst, overload, ingest, log, pages, tracking, neighbours;
#                       or soak: half an hour of mixed load with faults, for which it has to be named
# make bench QUICK=1    short, nothing to quote
# make bench ENGINE=production  on the Temporal server that production has: see engine
bench: venv ## what we claim about speed, on this machine
	@$(BIN)/python -m benchmarks \
		$(if $(ONLY),--only $(ONLY)) \
		$(if $(filter-out 0,$(QUICK)),--quick) \
		$(if $(ENGINE),--engine $(ENGINE))

# Needs Go. Building takes about five minutes, once; what was built lies in the user's cache.
engine: venv ## build the Temporal server of production, and see that it serves on PostgreSQL
	@$(BIN)/python -m benchmarks.engine

screenshots: venv ## take pictures of a demo's dashboard into docs/images, in a real Chromium
	@$(BIN)/python -m tests.browser.screenshots

lock: venv ## resolve the dependencies anew and write both lock files
	@$(BIN)/uv pip compile pyproject.toml --extra telemetry $(LOCKING) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra development $(LOCKING) -c requirements.lock -o requirements-dev.lock
	@$(BIN)/uv pip compile tests/peers/python/requirements.in $(LOCKING) -o tests/peers/python/requirements.lock
	@$(BIN)/uv pip compile tests/peers/kubernetes/requirements.in $(LOCKING) -o tests/peers/kubernetes/requirements.lock
	@cd tests/peers/node && npm install --package-lock-only --no-audit --no-fund
	@cd tests/peers/oidc && npm install --package-lock-only --no-audit --no-fund
	@$(BIN)/uv pip compile tests/partner_guide/python/requirements.in $(LOCKING) -o tests/partner_guide/python/requirements.lock
	@cd tests/partner_guide/node && npm install --package-lock-only --no-audit --no-fund
	@cd dashboard/typefaces && npm install --package-lock-only --no-audit --no-fund
	@$(BIN)/uv pip compile benchmarks/engine/requirements.in --no-deps $(LOCKING) -o benchmarks/engine/requirements.lock
	@cd benchmarks/engine && go mod tidy

$(VENV)/.locked: requirements-dev.lock
	@command -v "$(PYTHON)" > /dev/null || { \
		echo "There is no $(PYTHON) here. Name one: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Doorstep needs Python 3.11 or newer, this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	@echo "Making $(VENV) from requirements-dev.lock; this takes a minute, once."
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(FONTS)/inter.woff2: dashboard/typefaces/package-lock.json dashboard/typefaces/place.sh
	@cd dashboard/typefaces && npm ci --ignore-scripts --no-audit --no-fund --silent
	@dashboard/typefaces/place.sh $(FONTS)
	@touch $@
