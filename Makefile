# Every target sets up what it needs: nothing has to be installed first but Python 3.11 to 3.13.
PYTHON ?= python3
PAGES ?= seeds
BUILD ?= build
PORT ?= 8501

BIN := .venv/bin
PY := $(BIN)/python

.PHONY: setup run build test check bench serve

setup: .venv/.run

.venv/.run: requirements.txt
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(BUILD)/CURRENT: | .venv/.run
	$(PY) -m data_prep build $(PAGES) --out $(BUILD)

# The dashboard on this machine, open to corrections; builds the sample pages where there is no build yet.
run: .venv/.run $(BUILD)/CURRENT
	TIFA_BUILD=$(BUILD) TIFA_EDIT=1 $(PY) -m streamlit run dashboard/app.py --server.address 127.0.0.1 --server.port $(PORT)

# The dashboard for others on the network.
serve: .venv/.run $(BUILD)/CURRENT
	TIFA_BUILD=$(BUILD) $(PY) -m streamlit run dashboard/app.py --server.address 0.0.0.0 --server.port $(PORT) \
		--server.headless true --server.fileWatcherType none

# Tables from other pages: make build PAGES=folder BUILD=folder
build: .venv/.run
	$(PY) -m data_prep build $(PAGES) --out $(BUILD)

test: .venv/.dev
	$(PY) -m pytest

check: .venv/.dev
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: .venv/.dev
	$(PY) -m bench
