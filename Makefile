# make run: everything from an empty folder to a served practice office. Needs Python 3.11 or newer, and nothing else.
PORT ?= 8000
PYTHON ?= python3
PY = .venv/bin/python

.PHONY: run setup setup-base fresh check test bench bench-write browser screenshots backup restore postgres postgres-stop lock vendor messages

run:
	@PORT=$(PORT) PYTHON=$(PYTHON) scripts/serve.sh --check
	@$(MAKE) --no-print-directory setup
	@PORT=$(PORT) scripts/serve.sh

setup: setup-base
	@echo "Demo: loaded if the database is empty"
	@$(PY) manage.py load_demo --if-empty

setup-base: .venv/.base var/practice.env
	@echo "Database and static files"
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py collectstatic --no-input --verbosity 0

fresh: .venv/.base var/practice.env
	@$(PY) -m scripts.fresh
	@$(MAKE) --no-print-directory setup

check: .venv/.dev var/practice.env
	@scripts/check.sh

test: .venv/.dev var/practice.env browser
	@scripts/test.sh

bench: setup-base .venv/.dev
	@$(PY) -m bench $(if $(QUICK),--quick)

bench-write:
	@$(PY) -m bench --write

browser:
	@scripts/browser.sh

screenshots: setup-base .venv/.dev browser
	@$(PY) -m scripts.screenshots

backup:
	@$(PY) manage.py backup $(if $(KEEP),--keep $(KEEP))

restore:
	@$(PY) manage.py restore $(if $(FILE),"$(FILE)")

postgres:
	@scripts/postgres.sh start

postgres-stop:
	@scripts/postgres.sh stop

lock:
	@scripts/lock.sh

vendor:
	@scripts/vendor.sh

messages: .venv/.dev
	@scripts/messages.sh

.venv/.base: requirements/base.txt
	@PYTHON=$(PYTHON) scripts/venv.sh base

.venv/.dev: requirements/dev.txt .venv/.base
	@PYTHON=$(PYTHON) scripts/venv.sh dev

var/practice.env: | .venv/.base
	@$(PY) -m config.keys
