"""What the journal keeps of results of API v2: in short, and to the last digit.

Whatever a server may have answered, what became of a key can be written down.
"""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import TypeAdapter

from billingo_async import v2
from billingo_async.fields.exact import is_array, is_object, to_json
from billingo_async.fields.reading import ReadModel, read_json

if TYPE_CHECKING:
    from billingo_async.v2.models import Invoice, PaymentState

M = TypeVar("M", bound=ReadModel)
LEFT_OUT: Final = frozenset({"items", "client", "payment_method"})
"""What the journal does not keep of an invoice: what `invoices.create` does not answer either."""


def dump_invoice(invoice: Invoice) -> str:
    """Return what is kept of an invoice."""
    return dump_model(invoice, LEFT_OUT)


def load_invoice(text: str) -> Invoice:
    """Return the invoice that was kept."""
    return load_model(v2.models.Invoice, text)


def dump_payment_state(state: PaymentState) -> str:
    """Return a state as JSON."""
    return dump_model(state)


def load_payment_state(text: str) -> PaymentState:
    """Return the state that was kept."""
    return load_model(v2.models.PaymentState, text)


def dump_model(model: ReadModel, left_out: frozenset[str] = frozenset()) -> str:
    """Return a model as JSON: half a character becomes a question mark, and what is too deep is left out."""
    others = model.model_extra or {}
    with suppress(ValueError, TypeError, RecursionError):
        if not _holds_amount(others):
            return model.model_dump_json(exclude=set(left_out), exclude_none=True)
        shown = model.model_dump(mode="json", exclude={*left_out, *others}, exclude_none=True)
        return to_json(shown | others).decode()
    documented = model.model_dump(mode="json", exclude={*left_out, *others}, exclude_none=True)
    return json.dumps(documented, ensure_ascii=False).encode(errors="replace").decode()


def load_model(kind: type[M], text: str) -> M:
    """Return the model that was kept."""
    model: M = read_json(_adapter(kind), text.encode())
    return model


@cache
def _adapter(kind: type[ReadModel]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _holds_amount(value: Any) -> bool:
    """Tell whether something undocumented holds an exact number, which pydantic would write as text."""
    if is_object(value):
        return any(map(_holds_amount, value.values()))
    return any(map(_holds_amount, value)) if is_array(value) else isinstance(value, Decimal)
