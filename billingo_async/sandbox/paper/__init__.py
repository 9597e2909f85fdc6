"""The sandbox's paper: a `Document` in, a PDF out; nothing of HTTP, of state or of arithmetic enters here."""

from billingo_async.sandbox.paper.document import Address, Document, Kind, Line, Party, Totals, VatRow

__all__ = ["Address", "Document", "Kind", "Line", "Party", "Totals", "VatRow"]
