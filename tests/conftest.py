"""Fixtures for every kind of test; what they give is said in each docstring."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import Settings, load_settings
from feedback_app import create_app
from feedback_app.cli.setting import prepare
from feedback_app.foundation.db import Database
from tests import databases
from tests.databases import PostgresServer
from tests.markup import assert_valid

SECRET_KEY = "a-key-that-only-tests-use-0123456789"
SERVER_ERROR = 500


class CompiledTemplates(BytecodeCache):
    """Templates as Python's code, compiled once for all applications of this test process."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of the same source."""
        found = self._kept.get(f"{bucket.key} {bucket.checksum}")
        if found is not None:
            bucket.code = found

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[f"{bucket.key} {bucket.checksum}"] = bucket.code


COMPILED = CompiledTemplates()

# Speed is measured in tests/bench and never asserted: a busy machine is no fault of the code.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith("FEEDBACK_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Names the folder that all processes of one run share, for what is dear to make."""
    own = tmp_path_factory.getbasetemp()
    is_one_of_many = "PYTEST_XDIST_WORKER" in os.environ
    os.environ["FOLDER_OF_THE_TEST_RUN"] = str(own.parent if is_one_of_many else own)


@pytest.fixture(scope="session", autouse=True)
def _addresses_are_compiled_once() -> Iterator[None]:
    """Each test has an application of its own; most would take longer to compile the same 260
    addresses than they run.
    """
    compiled: dict[Any, Any] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this test process, started when first asked for."""
    with databases.running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    return databases.make_sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty FEEDBACK_HOME."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of this test alone."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, home: Path) -> str:
    """The address of a migrated, empty SQLite database of this test alone."""
    return databases.copy_sqlite(sqlite_template, home)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """`sqlite_url`, then `postgres_url`: the test runs on both databases.

    For one of them: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    """Settings of a fresh installation on `database_url`."""
    return _settings(home, database_url)


def _settings(home: Path, database_url: str) -> Settings:
    return load_settings(
        {
            "FEEDBACK_HOME": str(home),
            "FEEDBACK_DATABASE_URL": database_url,
            "FEEDBACK_SECRET_KEY": SECRET_KEY,
        }
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database of `settings`, migrated and empty."""
    opened = Database(settings.database_url, reports_url=settings.reports_database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def prepared(settings: Settings, database: Database) -> Database:
    """`database` as `feedback init` leaves it: with the catalogue and a folder for keys."""
    prepare(settings, database)
    return database


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an installation as `feedback init` leaves it."""
    with _application(settings) as application:
        yield application


@pytest.fixture
def sqlite_app(home: Path, sqlite_url: str) -> Iterator[Flask]:
    """The application on SQLite alone, for what no database decides."""
    with _application(_settings(home, sqlite_url)) as application:
        yield application


@contextmanager
def _application(settings: Settings) -> Iterator[Flask]:
    application = create_app(settings)
    application.testing = True
    application.jinja_env.bytecode_cache = COMPILED
    application.test_client_class = WatchfulClient
    database = application.extensions["feedback_database"]
    prepare(settings, database)
    yield application
    database.dispose()


class WatchfulClient(FlaskClient):
    """A test client that fails on an unexpected error and on a connection not given back.

    A test that provokes a failure of the server sets `may_fail`.
    """

    may_fail = False

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page, then look at what the request left behind."""
        answer = super().open(*args, **kwargs)
        if not self.may_fail:
            assert answer.status_code != SERVER_ERROR, f"{answer.request.path} failed, see the log"
        database = self.application.extensions["feedback_database"]
        for engine in (database.writer, database.reader):
            assert engine.pool.checkedout() == 0, f"{answer.request.path} kept a connection"
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A `WatchfulClient`: keeps cookies, follows redirects only when told to."""
    return app.test_client()


@pytest.fixture
def valid_html() -> Callable[[str], None]:
    """A function that fails, saying why, unless the text is a valid HTML document."""
    return assert_valid


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of answers that another company really collected.

    Without REAL_DATA_DIR the tests on it are skipped; with a wrong one they fail.
    """
    named = os.environ.get("REAL_DATA_DIR", "")
    if not named:
        pytest.skip("REAL_DATA_DIR is not set: it names the folder of real answers")
    folder = Path(named)
    assert folder.is_dir(), f"REAL_DATA_DIR names no folder: {folder}"
    return folder
