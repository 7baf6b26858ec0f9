# Each target does its own set-up: a virtual environment in .venv, versions from requirements.lock.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
SPARK_READY := .venv/spark-ready
WORKERS ?= 2

.PHONY: report test test-spark check format lab bench bench-batch bench-batch-kills bench-duplicates bench-engine bench-index bench-kills bench-proposals bench-reliability bench-reports bench-warehouse lock clean

report: $(READY)  ## the sample company, from exports to reports/index.html
	$(BIN)/clientlib demo

test: check  ## all checks, then all tests
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered

test-spark: $(SPARK_READY)  ## every mart on Spark beside DuckDB (installs Spark; needs Java 17 or 21)
	$(BIN)/python -m pytest tests/spark

check: $(READY)  ## format, lint, types, SQL, notebooks without outputs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar clientlib/sql
	$(BIN)/nbstripout --verify notebooks/*.ipynb

format: $(READY)  ## what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix --disable-progress-bar clientlib/sql
	$(BIN)/nbstripout notebooks/*.ipynb

lab: $(READY)  ## JupyterLab in this project
	$(BIN)/clientlib lab

bench: $(READY)  ## speed of the load beside DuckDB's own
	$(BIN)/python tests/benchmarks/bench_load.py

bench-batch: $(READY)  ## 24 to 312 editions beside papermill's command and the cells alone
	$(BIN)/python tests/benchmarks/bench_batch.py

bench-batch-kills: $(READY)  ## 20 kills of a batch of 12 runs, spread over its time
	$(BIN)/python tests/benchmarks/bench_batch_kills.py

bench-duplicates: $(READY)  ## precision and recall of the matching of clients
	$(BIN)/python tests/benchmarks/bench_duplicates.py

bench-engine: $(READY)  ## what our engine adds to a notebook beside papermill alone
	$(BIN)/python tests/benchmarks/bench_engine.py

bench-index: $(READY)  ## first paint and search of the index of 300 and 7,200 runs
	$(BIN)/python tests/benchmarks/bench_index.py

bench-kills: $(READY)  ## 50 kills of load and build, spread over their time
	$(BIN)/python tests/benchmarks/bench_kills.py

bench-proposals: $(READY)  ## agreement of proposed mappings with the presets
	$(BIN)/python tests/benchmarks/bench_proposals.py

bench-reliability: $(READY)  ## every figure of reliability, into docs/benchmarks.md (hours; parts by PARTS="leaks receivables")
	OMP_NUM_THREADS=1 $(BIN)/python tests/benchmarks/bench_reliability.py $(PARTS)

bench-reports: $(READY)  ## pages, decks, PDFs and data of the sample company's reports
	$(BIN)/python tests/benchmarks/bench_reports.py

bench-warehouse: $(READY)  ## load and build of 1, 10 and 100 million order lines beside DuckDB alone
	$(BIN)/python tests/benchmarks/bench_warehouse.py

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-strip-extras --quiet
EXTRAS := --extra cluster --extra crm --extra dev --extra lab --extra postgres --extra schedule

lock:  ## resolve pyproject.toml anew (needs uv); Spark is large, so it has a lock of its own
	$(LOCK) $(EXTRAS) --output-file requirements.lock
	$(LOCK) $(EXTRAS) --extra spark --constraint requirements.lock --output-file requirements-spark.lock

clean:  ## what make made, but for the environment
	rm -rf data/raw/sample data/warehouse data/ledger data/sample_truth.json reports/*/ reports/index.html

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "clientlib needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

$(SPARK_READY): requirements-spark.lock $(READY)
	$(BIN)/python -m pip install --quiet --require-hashes --no-build-isolation -r requirements-spark.lock
	@touch $(SPARK_READY)
