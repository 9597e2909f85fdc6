"""Receipts: made in receipt blocks, at once or from a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.http import Refusal
from billingo_async.sandbox.records import Type
from billingo_async.sandbox.v3 import dialect, views
from billingo_async.sandbox.v3.handlers import issuing
from billingo_async.sandbox.v3.schemas import selected_invalid

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import Params, Response


def create(books: Books, params: Params) -> Response:
    """A new receipt, or the draft of one."""
    receipt = issuing.issue_receipt(books, params.body)
    books.record("receipts.create", books.invoices.id_of(receipt.uid))
    return dialect.answer(views.document_of(books, receipt), 201)


def issue_draft(books: Books, params: Params) -> Response:
    """The receipt of a draft, by a whole new body; the ids stay."""
    draft = books.invoices.by_id(params.uid)
    if draft.type is not Type.DRAFT:
        raise Refusal(books.switches.not_a_draft_status, "The document is not a draft.")
    if params.body["type"] == Type.DRAFT:
        raise selected_invalid("type")
    receipt = issuing.issue_receipt(books, params.body, draft=draft)
    books.record("receipts.issue_draft", params.uid)
    return dialect.answer(views.document_of(books, receipt))
