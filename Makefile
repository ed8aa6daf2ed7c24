# Needs nothing but Python 3.12 or newer and make (GNU make 4, or the 3.81 of macOS).
# `make report` and `make test` set everything up in .venv the first time.

ARGS =
WORKERS = 2
# What a file's tests share is made once, in one process; files that take longest come first (tests/conftest.py). As each
# process has a core of its own, linear algebra in threads would fight over them.
SHARED_OUT = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
ORPHANS = tests/inference/test_chains.py::test_processes_whose_parent_was_killed_end_by_themselves
BIN = .venv/bin
READY = .venv/.ready
READY_DEV = .venv/.ready-dev

# Tests start the program some two hundred times: what Python compiles of it is kept, whatever the surroundings say.
export PYTHONDONTWRITEBYTECODE =

.SUFFIXES:
.NOTPARALLEL:
.PHONY: help report test full lint types tests long coverage bench fuzz validation shots site reference ruff mypy pytest constraints lowest clean

help:
	@echo 'make report       set everything up and run bayestrace update on this study'
	@echo '                  (ARGS="--profile sceptical --lang zh" is passed on)'
	@echo 'make test         set everything up; lint, types and all tests but the long ones'
	@echo 'make full         the same with the long tests, and the lowest versions that are declared (make lowest)'
	@echo 'make lint         ruff: lint and format (or: make ruff)'
	@echo 'make types        mypy, strict (or: make mypy)'
	@echo 'make tests        pytest without the long tests (or: make pytest; ARGS="-k pooling", WORKERS=4)'
	@echo 'make coverage     the same tests, and how many lines and branches of the program they run (fails below 95 %)'
	@echo 'make bench        measure what docs/performance.md records'
	@echo 'make fuzz         give every reader spoilt files (ARGS="--inputs 1000000 --guided --write" for docs/validation/fuzz.md)'
	@echo 'make validation   simulate what docs/validation/claims.md tells of, and write it anew (hours; goes on if stopped)'
	@echo 'make shots        pictures of the report in build/shots: languages, themes, widths, print (needs Chromium)'
	@echo 'make site         the documentation as a site, in build/site'
	@echo 'make reference    write the pages of docs/ anew that are made from the program'
	@echo 'make constraints  write constraints.txt anew from what a fresh install takes'
	@echo 'make lowest       install the lowest versions that pyproject.toml declares elsewhere, and use them'
	@echo 'make clean        remove .venv and what the tools leave behind; reports stay'
	@echo 'PYTHON=/path/to/python chooses the Python that a new .venv is made with.'

report: $(READY)
	@$(BIN)/bayestrace update $(ARGS)

test: lint types tests

full: lint types long lowest

lint: $(READY_DEV)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: $(READY_DEV)
	@$(BIN)/mypy --num-workers $(WORKERS)

tests: $(READY_DEV)
	@OMP_NUM_THREADS=1 $(BIN)/pytest $(SHARED_OUT) -m 'not long' $(ARGS)

long: $(READY_DEV)
	@OMP_NUM_THREADS=1 $(BIN)/pytest $(SHARED_OUT) $(ARGS)

# Processes that are traced do not end with the one that started them, which one test asks for.
# Loops that numba compiles are run as Python once more, by tests that call them: so their lines count like all others.
coverage: $(READY_DEV)
	@$(BIN)/coverage erase
	@OMP_NUM_THREADS=1 $(BIN)/coverage run -m pytest $(SHARED_OUT) -m 'not long' --deselect $(ORPHANS) $(ARGS)
	@NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -m 'loops and not compiled' -W ignore::RuntimeWarning
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

ruff: lint
mypy: types
pytest: tests

bench: $(READY_DEV)
	@$(BIN)/python benchmarks/bench.py $(ARGS)

fuzz: $(READY_DEV)
	@$(BIN)/python tools/fuzz.py $(ARGS)

# Each process has a core of its own; linear algebra in threads would fight over them.
validation: $(READY_DEV)
	@OMP_NUM_THREADS=1 $(BIN)/python tools/validation.py --jobs $(WORKERS) $(ARGS)

shots: $(READY_DEV)
	@$(BIN)/python tools/shots.py $(ARGS)

site: $(READY_DEV)
	@$(BIN)/sphinx-build -q -W --keep-going -c tools/site -d build/trees docs build/site
	@echo 'Open build/site/index.html in a browser.'

reference: $(READY_DEV)
	@$(BIN)/python tools/reference.py

# A stamp is touched only after its install has succeeded, so an interrupted one is taken up again.
$(READY): pyproject.toml constraints.txt
	@PYTHON='$(PYTHON)' sh tools/setup.sh .
	@touch $@

$(READY_DEV): pyproject.toml constraints.txt
	@PYTHON='$(PYTHON)' sh tools/setup.sh '.[dev]'
	@touch $(READY) $@

constraints:
	@PYTHON='$(PYTHON)' sh tools/constraints.sh

lowest:
	@PYTHON='$(PYTHON)' sh tools/lowest.sh

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.*
	find bayestrace tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
