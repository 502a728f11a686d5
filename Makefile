# Recipes. `make demo` and `make test` set everything up themselves; people, pre-commit and CI call the same ones.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
SPARK := .venv/.spark
DEMO := build/demo
REGISTER := register
COUNTIES := 530113 530126 530129

.PHONY: demo lab test check format docs spark lock clean

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "povkit needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --only-binary :all: --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(SPARK): $(READY) requirements-spark.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-spark.lock
	@touch $@

demo: $(READY)  ## three made-up counties: raw exports, import, inspection, reports in outputs/
	rm -rf $(DEMO)
	$(MAKE) $(DEMO)/register
	$(BIN)/povkit inspect $(COUNTIES) --register $(DEMO)/register --as-of 2018-12-31 --out outputs

$(DEMO)/register: | $(READY)
	for county in $(COUNTIES); do \
	  $(BIN)/povkit simulate $(DEMO)/raw --county $$county --households 800 --seed 1 --raw || exit 1; done
	$(BIN)/povkit import $(addprefix $(DEMO)/raw/,$(COUNTIES)) --into $@

lab: $(READY)  ## the analyst's notebook in JupyterLab: your register/ if it is there, else the demo's
	[ -d $(REGISTER) ] || $(MAKE) $(DEMO)/register
	$(BIN)/povkit lab --register $$([ -d $(REGISTER) ] && echo $(REGISTER) || echo $(DEMO)/register) $(LAB)

test: $(READY)  ## every test, with the house rules (lint, import contracts) among them
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: $(READY)  ## format, lint, strict types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY)  ## the generated pages: docs/handbook.md, docs/coverage.md, docs/commands.md
	$(BIN)/povkit docs --language en

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

spark: $(SPARK)  ## PySpark for --engine spark and its tests (some 400 MB, built from source; Java 17 is needed beside)

lock: $(READY)  ## renew the lock file and its mirror for conda users
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url \
	  --no-header --upgrade -o requirements.lock pyproject.toml
	echo 'pyspark>=4.0' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade -o requirements-spark.lock -

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
