"""The sandbox's paper: a `Document` in, a PDF out; nothing of HTTP, of state or of book-keeping enters here."""

from billingo_async.sandbox.paper.document import Address, Document, Kind, Line, Party, Totals, VatRow
from billingo_async.sandbox.paper.drawing import draw

__all__ = ["Address", "Document", "Kind", "Line", "Party", "Totals", "VatRow", "draw"]
