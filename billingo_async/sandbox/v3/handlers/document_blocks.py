"""Document blocks: a range of numbers each, for one type of document; nothing deletes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.http import Response
from billingo_async.sandbox.seeds import Block
from billingo_async.sandbox.v3 import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params

_PATH = "/document-blocks"


def list_(books: Books, params: Params) -> Response:
    """One page of the blocks, of all types or of one."""
    type_ = dialect.choice_of(params.query, "type", "DocumentBlockType")
    rows = (block for block in books.blocks if type_ in {None, block.type})
    return dialect.page_of(rows, params, _PATH, lambda block: _block_of(books, block))


def create(books: Books, params: Params) -> Response:
    """A new block: 201 without a body, unless the switch says otherwise."""
    body = params.body
    paid_proformas = bool(body.get("create_invoice_from_paid_proforma"))
    block = Block(books.new_id(), body["name"], body["prefix"], body["type"], paid_proformas)
    books.blocks.put(block.uid, block)
    books.record("document_blocks.create", books.blocks.id_of(block.uid))
    return dialect.answer(_block_of(books, block), 201) if books.switches.block_answer else Response(201)


def _block_of(books: Books, block: Block) -> JsonObject:
    return {
        "id": books.blocks.id_of(block.uid),
        "name": block.name,
        "prefix": block.prefix,
        "custom_field1": "",
        "custom_field2": "",
        "type": block.type,
    }
