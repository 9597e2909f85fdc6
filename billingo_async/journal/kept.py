"""What the journal keeps of an invoice, in short and to the last digit, or of why there is none. Knows no database.

Whatever a server may have answered, what became of a key can be written down.
"""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter

from billingo_async.fields.exact import is_array, is_object, to_json
from billingo_async.fields.reading import read_json
from billingo_async.v2.models import Invoice

LEFT_OUT: Final = {"items", "client", "payment_method"}
"""What the journal does not keep of an invoice: what `invoices.create` does not answer either."""
LONGEST_REASON: Final = 500
"""Characters of an error that the journal keeps."""
_INVOICE: Final = TypeAdapter(Invoice)


def short(invoice: Invoice) -> str:
    """Return what is kept of an invoice: half a character becomes a question mark, and what is too deep is left out."""
    others = invoice.model_extra or {}
    with suppress(ValueError, TypeError, RecursionError):
        if not _holds_amount(others):
            return invoice.model_dump_json(exclude=LEFT_OUT, exclude_none=True)
        told = invoice.model_dump(mode="json", exclude=LEFT_OUT | others.keys(), exclude_none=True)
        return to_json(told | others).decode()
    documented = invoice.model_dump(mode="json", exclude=LEFT_OUT | others.keys(), exclude_none=True)
    return json.dumps(documented, ensure_ascii=False).encode(errors="replace").decode()


def restored(kept: str) -> Invoice:
    """Return the invoice that was kept."""
    return read_json(_INVOICE, kept.encode())


def reason(error: Exception) -> str:
    """Return what is kept of an error: what no database takes, half a character or a zero, becomes a question mark."""
    told = f"{type(error).__name__}: {error}".replace("\0", "?")
    return told.encode(errors="replace").decode()[:LONGEST_REASON]


def _holds_amount(value: Any) -> bool:
    """Tell whether something undocumented holds an exact number, which pydantic would write as text."""
    if is_object(value):
        return any(map(_holds_amount, value.values()))
    return any(map(_holds_amount, value)) if is_array(value) else isinstance(value, Decimal)
