"""Bringing a list in by pages: send, map, look through, confirm; and what is left behind."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from feedback_app.customers import uploads
from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.customers import LIST_HEADER, LIST_ROWS, write_list
from tests.factories.exports import write_workbook
from tests.factories.staff import add_staff, browser_of
from tests.integration.customers.conftest import Visitor

#: Storing a list is tested on both databases by its command.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Customer)) or 0


def waiting(settings: Settings) -> list[Path]:
    return sorted((settings.home / "uploads").iterdir())


def test_a_list_goes_through_its_steps(
    visitor: Visitor, database: Database, settings: Settings, tmp_path: Path
) -> None:
    rows = [*LIST_ROWS, ("C-1", *[""] * 4, "2026-03-05", *[""] * 5), ("", *[""] * 10), ("C-9", "x")]
    address = visitor.send_list(write_list(tmp_path / "<b>list.csv", rows))
    page = visitor.read(address)
    assert "&lt;b&gt;list.csv" in page
    assert "Олена Коваль" in page
    answer = visitor.send(address, **visitor.choices(address))
    assert answer.location == f"{address}/preview"
    page = visitor.read(answer.location)
    for words in ("Duplicates merged</dt><dd>1", "New</dt><dd>4", "Rows with errors</dt><dd>0"):
        assert words in page
    assert count(database) == 0
    done = visitor.send(f"{address}/confirm")
    assert done.location == "/staff/customers"
    assert "4 new, 0 updated, 0 unchanged" in visitor.read("/staff/customers")
    assert count(database) == 4
    assert waiting(settings) == []
    again = visitor.send(f"{address}/confirm")
    assert again.location == "/staff/customers/import"


def test_a_chosen_map_is_remembered_for_the_same_header(
    visitor: Visitor, database: Database, tmp_path: Path
) -> None:
    file = write_list(tmp_path / "list.csv", [("a@b.co", "x", "y")], header=("K", "L", "M"))
    address = visitor.send_list(file)
    chosen = {"column-0": "email-as-reference", "column-1": "region", "column-2": "keep"}
    visitor.send(address, **chosen, everybody="current")
    visitor.send(f"{address}/confirm")
    with database.reading() as session:
        stored = session.scalars(select(Customer)).one()
    assert (stored.reference, stored.email) == ("a@b.co", "a@b.co")
    assert (stored.region, stored.status, stored.attributes) == ("x", "current", {"M": "y"})
    other = write_list(tmp_path / "next.csv", [("y", "a@b.co", "z")], header=("M", "K", "L"))
    address = visitor.send_list(other)
    assert visitor.choices(address) == {
        "column-0": "keep",
        "column-1": "email-as-reference",
        "column-2": "region",
        "everybody": "current",
    }
    assert "chosen as last time" in visitor.read(address)


def test_a_map_that_does_not_do_comes_back_with_its_choices(
    visitor: Visitor, tmp_path: Path
) -> None:
    address = visitor.send_list(write_list(tmp_path / "list.csv"))
    chosen = {**visitor.choices(address), "column-0": "", "column-1": "email"}
    refused = visitor.send(address, **chosen)
    assert refused.status_code == 422
    assert "can not both be the E-mail" in refused.text
    refused = visitor.send(address, **{**chosen, "column-1": "name"})
    assert refused.status_code == 422
    assert "No column is the reference" in refused.text
    assert '<option value="name" selected>' in refused.text
    assert visitor.client.get(f"{address}/preview").location == address


def test_rows_with_errors_are_shown_by_line_and_can_be_fetched(
    visitor: Visitor, tmp_path: Path
) -> None:
    rows = [("C-1", "nobody", "gone"), ("C-2", "<i>@x", "never"), ("C-3", "a@b.co", "gone")]
    address = visitor.send_list(
        write_list(tmp_path / "list.csv", rows, header=("id", "email", "status"))
    )
    preview = visitor.send(address, **visitor.choices(address)).location
    page = visitor.read(preview)
    assert "E-mail: “nobody” is not an e-mail address" in page
    assert "“&lt;i&gt;@x” is not" in page
    assert "Status: “never” says neither departed nor current" in page
    with visitor.client.get(f"{address}/rejected.csv") as rejected:
        assert rejected.headers["Content-Disposition"] == "attachment; filename=list.rejected.csv"
        assert rejected.get_data(as_text=True).splitlines()[1].startswith("2,email: “nobody”")
    visitor.send(f"{address}/discard")
    assert visitor.client.get(f"{address}/rejected.csv").status_code == 422


def test_a_workbook_is_unpacked_outside_the_page_server(
    visitor: Visitor,
    database: Database,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = write_workbook(tmp_path / "list.xlsx", LIST_ROWS, header=LIST_HEADER)
    for name in [name for name in sys.modules if name.partition(".")[0] == "openpyxl"]:
        monkeypatch.delitem(sys.modules, name)  # the other tests need them back
    address = visitor.send_list(file)
    visitor.send(address, **visitor.choices(address))
    visitor.send(f"{address}/confirm")
    assert count(database) == 3
    assert "openpyxl" not in sys.modules
    assert waiting(settings) == []


def _bomb(path: Path) -> Path:
    """A workbook whose shared texts, which are held in memory, unpack to a thousandfold."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/sharedStrings.xml", "w") as texts:
            for _ in range(5):
                texts.write(b" " * (16 << 20))
    return path


def test_a_zip_bomb_is_refused_in_words(
    visitor: Visitor, settings: Settings, tmp_path: Path
) -> None:
    bomb = _bomb(tmp_path / "bomb.xlsx")
    assert bomb.stat().st_size < 1 << 20
    answer = visitor.send("/staff/customers/import", file=bomb)
    assert answer.status_code == 422
    assert "bomb.xlsx unpacks to 80 MB" in answer.text
    assert waiting(settings) == []


def test_what_is_no_list_is_refused_and_not_kept(
    visitor: Visitor, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    for content in (b"", b"\x00\x00", b"PK\x03\x04junk", b"\n\n\n"):
        file.write_bytes(content)
        answer = visitor.send("/staff/customers/import", file=file)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert ".data" not in answer.text
        assert waiting(settings) == []
    assert visitor.send("/staff/customers/import").status_code == 422


def test_sizes_are_limited(
    visitor: Visitor, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"id,status\n" + b"x" * (3 << 20))
    assert visitor.send("/staff/customers/import", file=file).status_code == 302
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1 << 20)
    refused = visitor.send("/staff/customers/import", file=file)
    assert refused.status_code == 422
    assert "larger than 1 MB" in refused.text
    assert len({path.stem for path in waiting(settings)}) == 1


def test_a_stranger_can_not_send_large_files(app: Flask) -> None:
    kind = "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = io.BytesIO(part + b"x" * (3 << 20) + b"\r\n--b--\r\n")
    answer = app.test_client().post("/staff/customers/import", data=body, content_type=kind)
    assert answer.status_code == 413


def test_an_upload_is_private_to_its_sender_for_an_hour(
    visitor: Visitor, app: Flask, database: Database, settings: Settings, tmp_path: Path
) -> None:
    address = visitor.send_list(write_list(tmp_path / "list.csv"))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in waiting(settings)}
    assert modes == {0o600}
    assert stat.S_IMODE((settings.home / "uploads").stat().st_mode) == 0o700
    add_staff(database, "other@example.com", Role.ADMIN)
    other = Visitor(browser_of(app, "other@example.com").client)
    assert other.client.get(address).location == "/staff/customers/import"
    assert visitor.client.get(address).status_code == 200
    for path in waiting(settings):
        os.utime(path, (time.time() - 3700,) * 2)
    assert visitor.client.get(address).location == "/staff/customers/import"
    assert uploads.remove_old(settings.home) == 2
    assert waiting(settings) == []


def test_no_other_file_is_reached(visitor: Visitor) -> None:
    for token in ("..%2f..%2fsecret-key", "x" * 32, "0" * 32):
        page = f"/staff/customers/import/{token}"
        assert visitor.client.get(page).status_code in (302, 404)
        assert visitor.client.get(f"{page}/rejected.csv").status_code in (404, 422)


def test_two_confirmations_store_once(
    visitor: Visitor, settings: Settings, database: Database, tmp_path: Path
) -> None:
    address = visitor.send_list(write_list(tmp_path / "list.csv"))
    visitor.send(address, **visitor.choices(address))
    kept = uploads.find(settings.home, address.rpartition("/")[2], by="researcher@example.com")
    assert kept.claim()
    visitor.send(f"{address}/confirm")
    assert "being stored already" in visitor.read("/staff/customers")
    assert count(database) == 0
    kept.release()
    visitor.send(f"{address}/confirm")
    assert count(database) == 3
