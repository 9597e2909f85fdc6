"""Exports: a job is made, polled until it is done, then its file is there; the file depends on what was asked for.

No document is changed here.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Refusal, Response
from billingo_async.sandbox.records import Type
from billingo_async.sandbox.v3 import dialect, views

_CSV = "text/csv; charset=utf-8"
_ZIP = "application/zip"
_MARK = "\ufeff"
_STATES = ("pending", "processing")
"""What the first polls answer, one each."""
_COLUMNS = ("invoice_number", "type", "invoice_date", "fulfillment_date", "due_date", "gross_total", "currency")


def create(books: Books, params: Params) -> Response:
    """A new job."""
    job = str(UUID(int=books.new_id(), version=4))
    books.exports[job] = {"polls": 0, "written": params.body}
    books.record(len(books.exports))
    return dialect.answer({"id": job}, 201)


def poll(books: Books, params: Params) -> Response:
    """How far a job is: pending, processing, then what it came to."""
    job = _job(books, params.text)
    polls: int = job["polls"]
    job["polls"] = polls + 1
    state = _STATES[polls] if polls < len(_STATES) else books.switches.export_outcome
    return dialect.answer({"id": params.text, "state": state, "message": "Sikertelen." if state == "fail" else ""})


def download(books: Books, params: Params) -> Response:
    """The file of a job that is done."""
    job = _job(books, params.text)
    if job["polls"] <= len(_STATES) or books.switches.export_outcome == "fail":
        raise Refusal(404, "Export not found.")
    table = _table(books, job["written"])
    if job["written"]["export_type"] == "simple_csv":
        return Response(200, table, (("Content-Type", _CSV),))
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr(ZipInfo("export.csv"), table, ZIP_DEFLATED)
    return Response(200, archive.getvalue(), (("Content-Type", _ZIP),))


def _job(books: Books, id: str) -> JsonObject:
    if id not in books.exports:
        raise Refusal(404, "Export not found.")
    return books.exports[id]


def _table(books: Books, written: JsonObject) -> bytes:
    """The documents of the days asked for, as CSV behind a byte-order mark."""
    text = StringIO()
    out = csv.writer(text, delimiter=";")
    out.writerow([*_COLUMNS, "partner"])
    for invoice in reversed(list(books.invoices)):
        shown = views.document_of(books, invoice) | {"paid_date": views.last_payment_of(invoice) or ""}
        is_within = written["start_date"] <= shown[written["query_type"]] <= written["end_date"]
        if invoice.type is not Type.DRAFT and is_within:
            out.writerow([*(shown[name] for name in _COLUMNS), invoice.client["name"]])
    return (_MARK + text.getvalue()).encode()
