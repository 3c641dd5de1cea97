# A newcomer types `make run` and `make test`; nothing but python3, pip and make is needed.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
JOBS ?= 2
# What asks no database, or asks it again what test_promise_11 asks on PostgreSQL: once is enough.
WITHOUT_ROWS := $(addprefix --ignore=tests/test_,house.py docs.py english.py permissions.py permission_lists.py)

run: .venv/ready        ## the living county at http://127.0.0.1:8000 (PORT= changes it)
	@DEMO=$${DEMO-1} PORT=$(PORT) $(BIN)/python -m zhuanban.run

test: check browser-ready ## everything that must be true before a commit lands
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -q -n $(JOBS) -m "not browser and not postgres" -p no:cacheprovider
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -q -n $(JOBS) -m "not browser and not faults" -p no:cacheprovider $(WITHOUT_ROWS)
	$(BIN)/python -m pytest -q -m browser -p no:cacheprovider tests/browser/test_story.py

check: .venv/ready      ## the fast part, for every commit (90 s)
	$(BIN)/ruff format --check -q
	$(BIN)/ruff check -q
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy zhuanban tests
	@mkdir -p var
	$(BIN)/python manage.py makemigrations --check --dry-run -v0
	$(BIN)/djlint zhuanban --check --lint --quiet
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_house.py

fix: .venv/ready        ## format, and repair what a machine can repair
	$(BIN)/ruff check --fix -q
	$(BIN)/ruff format -q
	$(BIN)/djlint zhuanban --reformat --quiet

shots: .venv/ready browser-ready ## named screenshots of every page into shots/
	SHOTS=shots $(BIN)/python -m pytest -q -m browser -p no:cacheprovider tests/browser

bench: .venv/ready      ## measurements side by side, into bench/RESULTS.md
	$(BIN)/python -m bench

faults: .venv/ready     ## kills, power cuts and full disks in their full sizes
	ZHUANBAN_FULL=1 $(BIN)/python -m pytest -q -m faults -p no:cacheprovider

messages: .venv/ready   ## bring new strings into the English catalogue and compile it
	$(BIN)/python -m tests.messages

lock: .venv/ready       ## write requirements/*.txt anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements/app.in -o requirements/app.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements/dev.in -o requirements/dev.txt

browser-ready: .venv/ready
	@$(BIN)/python -m tests.browser.chromium

help:                   ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# --without-pip and pip --python: Debian's python3 comes without ensurepip.
.venv/ready: requirements/dev.txt
	$(PYTHON) -m venv --clear --without-pip .venv
	$(PYTHON) -m pip --python .venv install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: run test check fix shots bench faults messages lock browser-ready help
