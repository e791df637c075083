# Two commands matter: `make run` and `make test`. Works with GNU make 3.81 and later.

PYTHON ?= python3
PORT ?= 8501
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test lint audit coverage mutants messages bench clean

run: $(VENV)/run.stamp
	$(PY) -m streamlit run app.py --server.port $(PORT) $(ARGS)

# The browser and nginx come first: without them there is no point in waiting for the rest.
test: $(VENV)/dev.stamp
	$(PY) tools/find_browser.py
	$(PY) tools/find_nginx.py
	$(MAKE) lint
	$(PY) -m pytest -n 3 --dist loadfile

lint: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	PYTHONPATH=. $(VENV)/bin/lint-imports
	$(PY) tools/find_secrets.py

# Asks PyPI which of the installed versions have known faults: the one check that needs a server, so `make test` leaves it out.
# In an environment of its own, as the tool brings forty packages.
audit: $(VENV)/dev.stamp
	test -x $(VENV)-audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)-audit && \
	  $(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	$(VENV)-audit/bin/pip-audit --progress-spinner off --path "$$($(PY) -c 'import site; print(site.getsitepackages()[0])')"

# Which branches the tests without a browser run: below the goals it fails. `make coverage ARGS=tests/charts` for a part.
coverage: $(VENV)-measure/stamp
	$(VENV)-measure/bin/python tools/covered.py $(ARGS)

# Whether the tests notice small faults in the mathematics; `make mutants ARGS=--fresh` tries those again that were tried.
mutants: $(VENV)-measure/stamp
	$(VENV)-measure/bin/python tools/mutants.py $(ARGS)

# Brings locales/*/*.po up to date with the strings in the code.
messages: $(VENV)/run.stamp
	$(PY) -m locales

bench:
	@echo "Each of these prints a table; docs/benchmarks.md says how to read it:"
	@for file in bench/[a-z]*.py; do echo "  $(PY) -m bench.$$(basename $$file .py)"; done

clean:
	rm -rf $(VENV) $(VENV)-audit $(VENV)-measure mutants

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Softmax Lab needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python cannot make a virtual environment. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }

# The stamps hold the moment of the last installation, so pip runs only when a list has changed.
$(VENV)/run.stamp: requirements.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# An environment of its own: mutmut brings a terminal interface and thirty packages that the app must not see.
$(VENV)-measure/stamp: requirements.txt requirements-dev.txt tools/requirements.txt | $(PY)
	$(PY) -m venv $(VENV)-measure
	$(VENV)-measure/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r tools/requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp
