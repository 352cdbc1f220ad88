# Two commands are enough: `make run` and `make test`. Works with the GNU make of macOS (3.81).

PYTHON = .venv/bin/python
COMPILE = $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header --no-emit-index-url --upgrade

.DEFAULT_GOAL := help
.PHONY: help run demo test check format lock i18n clean venv venv-test

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: venv ## Start the page server and its worker (PORT=8000)
	@exec .venv/bin/feedback serve --with-worker --port "$${PORT:-8000}"

demo: venv ## Fill the database with an invented company's answers, marked as such
	@exec .venv/bin/feedback demo

test: venv-test ## Install what tests need, then check and test everything
	@$(PYTHON) -m tests.provision
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest --numprocesses=auto --dist=loadfile --durations=10 $(ARGS)
	@echo "make test: lint, format, types, import contracts and every test passed"

check: venv-test ## Lint, format, types and import contracts, in seconds
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

format: venv-test ## Put the code into its one format
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

lock: venv-test ## Write the lock files anew from pyproject.toml
	$(COMPILE) --group build --output-file requirements-build.lock
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group test --constraints requirements.lock \
		--output-file requirements-test.lock

CATALOGUES = feedback_app/translations
# Another language is begun by naming it once: make i18n LANGUAGES=pl
LANGUAGES = $(notdir $(wildcard $(CATALOGUES)/*))
BABEL = $(PYTHON) -m babel.messages.frontend

i18n: venv ## Collect the interface's strings, update and compile the catalogues
	@mkdir -p build
	@$(BABEL) --quiet extract --mapping-file=pyproject.toml --sort-output --no-location \
		--keywords=lazy_gettext --keywords=_l --add-comments=Translators: \
		--project=feedback-app --output-file=build/messages.pot .
	@for language in $(LANGUAGES); do \
		if [ -f $(CATALOGUES)/$$language/LC_MESSAGES/messages.po ]; then \
			step="update --no-fuzzy-matching --ignore-pot-creation-date"; \
		else step=init; fi; \
		$(BABEL) --quiet $$step --input-file=build/messages.pot \
			--output-dir=$(CATALOGUES) --locale=$$language || exit 1; \
	done
	@$(BABEL) compile --directory=$(CATALOGUES) --statistics

clean: ## Remove the virtual environment and every cache
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -type d -name __pycache__ -prune -exec rm -rf {} +

# --- the virtual environment -----------------------------------------------------------------
# $(1): lock file. It is installed again only when the lock, the project file, the folder or the
# interpreter changed; the stamp that records them is written last, so an interrupted
# installation is repeated.

define INSTALL
set -eu
lock=$$1
stamp=.venv/installed-$$lock
say() { echo "$$*" >&2; exit 1; }

wanted() { pwd; cat pyproject.toml requirements-build.lock "$$lock"; }
pinned() { .venv/bin/python -m pip install --quiet --require-hashes --requirement "$$@"; }
if [ -x .venv/bin/python ] && [ -f "$$stamp" ] && .venv/bin/python -c "" 2>/dev/null \
    && wanted | cmp -s - "$$stamp"; then exit 0; fi

python=
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$$name" -c "import sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then
        python=$$name
        break
    fi
done
[ -n "$$python" ] || say "feedback-app needs Python 3.11 or newer; this machine has" \
    "$$(python3 --version 2>/dev/null || echo none)"

( : > .venv-probe ) 2>/dev/null \
    || say "This folder cannot be written to: $$(pwd). Copy the project to one that can."
rm -f .venv-probe

if ! "$$python" -c "import ensurepip, venv" >/dev/null 2>&1; then
    version=$$("$$python" -c "import sys; print('%d.%d' % sys.version_info[:2])")
    say "Python's venv module is missing; install it: apt-get install python$$version-venv"
fi

if ! .venv/bin/python -c "" 2>/dev/null || [ "$$(cat .venv/installed-at 2>/dev/null)" != "$$(pwd)" ]
then
    echo "Making a virtual environment with $$("$$python" --version) ..." >&2
    "$$python" -m venv --clear .venv
    pwd > .venv/installed-at
fi
echo "Installing what $$lock pins (once; later starts take seconds) ..." >&2
export PIP_DISABLE_PIP_VERSION_CHECK=1
{ pinned requirements-build.lock --only-binary :all: \
    && pinned "$$lock" --use-pep517 --no-build-isolation; } \
    || say "Installing failed, as said above; once it is cured, repeat the same command."
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable . \
    || say "This checkout could not be installed, as said above."
wanted > "$$stamp"
endef
export INSTALL

venv:
	@sh -c "$$INSTALL" install requirements.lock

venv-test:
	@sh -c "$$INSTALL" install requirements-test.lock
