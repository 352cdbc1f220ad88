"""The rules of the house that a linter does not know, read off the files themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import sources

LONGEST_MODULE = 300  # lines
LONGEST_FUNCTION = 40  # lines, decorators and docstring not counted

LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-test.lock")
TOP_LEVEL = {
    # code
    *("feedback_app", "migrations", "templates", "reports", "tests", "config.py"),
    # what it is made with
    *("pyproject.toml", *LOCKS, "Makefile"),
    # what is read about it
    *("README.md", "CHANGELOG.md", "LICENSE", "docs"),
}
ROOM_DOORS = {"rules", "models", "queries", "actions", "forms", "views"}

#: Words that hide what a thing does. The role of a manager is a word of the product, so
#: functions and variables may speak of managers; a class or a module may not be one.
VAGUE_WORDS = {"util", "utils", "helper", "helpers", "misc", "stuff", "foo", "tmp2", "data2"}
VAGUE_CLASS_WORDS = VAGUE_WORDS | {"manager", "managers", "processor", "handler2"}

# Written in parts, so that this file does not hold what it looks for.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            *("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"),
            *("deb.debian" + ".org", "security.debian" + ".org", "jsdelivr" + ".net"),
            *("unpkg" + ".com", "cdnjs.cloudflare" + ".com", "googleapis" + ".com"),
        )
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.:/}-])/(?:" + "|".join(("work", "root", "Users", "opt/py")) + ")/"
)
SHARED_FOLDER = "shared" + "/data"
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def test_modules_are_short() -> None:
    lengths = {
        str(path): len((sources.ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in sources.list_modules()
    }
    assert lengths, "no module was looked at"
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    too_long = {
        f"{path}:{function.name}": length
        for path in sources.list_modules()
        for function in sources.list_functions(path)
        if (length := _length(function)) > LONGEST_FUNCTION
    }
    assert too_long == {}


def _length(function: sources.Function) -> int:
    """Lines from `def` to the end, a docstring not counted."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    is_docstring = ast.get_docstring(function) is not None
    if is_docstring and len(function.body) > 1 and first.end_lineno:
        length -= first.end_lineno - first.lineno + 1
    return length


def test_names_say_what_things_do() -> None:
    assert sorted(_vague_names()) == []


def _vague_names() -> Iterator[str]:
    for path in sources.list_files():
        for part in (*path.parts[:-1], path.stem):
            if _words(part) & VAGUE_CLASS_WORDS and path.suffix == ".py":
                yield str(path)
    for path in sources.list_modules():
        for node in sources.list_classes(path):
            if _words(node.name) & VAGUE_CLASS_WORDS:
                yield f"{path}: class {node.name}"
        for function in sources.list_functions(path):
            if _words(function.name) & VAGUE_WORDS:
                yield f"{path}: function {function.name}"


def _words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def test_top_level_is_the_agreed_one() -> None:
    found = {path.parts[0] for path in sources.list_files()}
    assert sorted(name for name in found - TOP_LEVEL if not name.startswith(".")) == []


def test_rooms_have_the_agreed_doors() -> None:
    """Beside the six doors a room may hold modules of its own, but no second name for a door."""
    synonyms = {
        *("rule", "domain", "model", "tables", "entities", "schema", "query", "selectors"),
        *("repository", "repositories", "services", "service", "commands", "usecases", "form"),
        *("routes", "controllers", "endpoints", "view", "blueprint", "api"),
    }
    strangers = [
        str(path)
        for path in sources.list_modules()
        if path.parts[0] == "feedback_app"
        and path.parts[1] not in ("foundation", "cli")
        and not ROOM_DOORS & set(path.parts)  # a door that became a folder names its own parts
        and path.stem in synonyms
    ]
    assert strangers == []


def test_exceptions_say_what_was_impossible() -> None:
    wrongly_named = [
        f"{path}: {node.name}"
        for path in sources.list_modules()
        if path.parts[0] in ("feedback_app", "reports", "config.py")
        for node in sources.list_classes(path)
        if any(_is_exception(base) for base in node.bases) and not node.name.startswith("Unable")
    ]
    assert wrongly_named == []


def _is_exception(base: ast.expr) -> bool:
    name = base.id if isinstance(base, ast.Name) else getattr(base, "attr", "")
    return name.endswith(("Error", "Exception")) or name.startswith("Unable")


def test_files_name_no_registry_and_no_machine() -> None:
    assert list(_lines_with(REGISTRY_HOSTS)) == []
    assert list(_lines_with(MACHINE_PATHS)) == []


def test_nothing_is_left_for_later() -> None:
    assert list(_lines_with(UNFINISHED)) == []


def _lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in sources.list_files():
        for number, line in enumerate((sources.read_text(path) or "").splitlines(), start=1):
            if pattern.search(line):
                yield f"{path}:{number}: {line.strip()[:120]}"


def test_only_integration_knows_where_real_answers_lie() -> None:
    naming = {str(path) for path in sources.list_files() if _names_shared_folder(path)}
    assert naming == {".ci/run"}


def _names_shared_folder(path: Path) -> bool:
    return SHARED_FOLDER in (sources.read_text(path) or "")


def test_locks_are_pinned_by_hash_and_name_no_index() -> None:
    for name in LOCKS:
        text = (sources.ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(
            r"^[a-z0-9][\w.\[\]-]*==\S+.* \\\n    --hash=sha256:", text, re.MULTILINE
        )
        entries = re.findall(r"^[a-z0-9].*$", text, re.MULTILINE)
        assert len(pinned) == len(entries) > 5, name
        assert "://" not in text, name
        assert re.findall(r"^-.*$", text, re.MULTILINE) == [], name


def test_test_lock_pins_what_the_product_runs_with() -> None:
    product, test = (
        dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", _lock(name), re.MULTILINE))
        for name in ("requirements.lock", "requirements-test.lock")
    )
    assert {name: test.get(name) for name in product} == product


def _lock(name: str) -> str:
    return (sources.ROOT / name).read_text(encoding="utf-8")
