"""What the project is made of, as files and as parsed Python."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_FOLDERS = ("feedback_app", "reports", "migrations", "tests")
#: Made by tools; never tracked, so never looked at where git can not be asked.
LEFT_BY_TOOLS = {"__pycache__", "build", "dist", "node_modules"}


@cache
def list_files() -> tuple[Path, ...]:
    """Every file of the project relative to its root: tracked, or new and not ignored."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        answer = subprocess.run(
            [
                *(git, "-c", "safe.directory=*", "ls-files", "-z"),
                *("--cached", "--others", "--exclude-standard"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        found = {Path(name) for name in answer.stdout.split("\0") if name}
    else:
        found = set(_walk(ROOT))
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in LEFT_BY_TOOLS:
                yield from _walk(path)
        else:
            yield path.relative_to(ROOT)


def list_modules() -> list[Path]:
    """Every Python file of the project, relative to its root."""
    return [path for path in list_files() if path.suffix == ".py"]


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def read_text(path: Path) -> str | None:
    """The text of a file, None for one that is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


Function = ast.FunctionDef | ast.AsyncFunctionDef


def list_functions(path: Path) -> list[Function]:
    """Every function and method of a module, inner ones included."""
    return [node for node in ast.walk(parse(path)) if isinstance(node, Function)]


def list_classes(path: Path) -> list[ast.ClassDef]:
    """Every class of a module."""
    return [node for node in ast.walk(parse(path)) if isinstance(node, ast.ClassDef)]
