"""What the journal keeps of an invoice: whatever the server said, at the least its id; amounts to the last digit."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from billingo_async import Invoice
from billingo_async.fields.reading import read_json
from billingo_async.journal.records import dump_error
from billingo_async.v2.once.create import InvoicesCreate

ANY_TEXT = st.text(st.characters(), max_size=5)  # half characters too
NAME = st.text(st.characters(codec="utf-8"), max_size=5).filter(lambda name: name not in Invoice.model_fields)
"""Of an unknown field: an answer with half a character in one is read as no invoice at all."""
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(NAME, ANYTHING, max_size=4), ANY_TEXT)
def test_every_invoice_can_be_kept(others: dict[str, Any], comment: str) -> None:
    """An invoice that was made is never lost in writing it down, whatever else was answered with it."""
    invoice = Invoice.model_validate({**others, "id": 7, "comment": comment})
    assert InvoicesCreate.load(InvoicesCreate.dump(invoice)).id == 7


@pytest.mark.parametrize("levels", [10, 300, 3000])
def test_however_deep_it_goes(levels: int) -> None:
    """Something undocumented may be nested deeper than JSON is written."""
    deep: Any = 1
    for _ in range(levels):
        deep = [deep]
    invoice = Invoice.model_construct(id=7, comment=None).model_copy(update={"deep": deep})
    assert InvoicesCreate.load(InvoicesCreate.dump(invoice)).id == 7


def test_amounts_stay_amounts() -> None:
    """Documented or not, a number comes back as the number that it was, to the last digit."""
    told = {"id": 7, "total": "3175.123456789012345678", "fee": Decimal("0.12345678901234567890123")}
    body = json.dumps(told | {"fee": 0}).replace('"fee": 0', f'"fee": {told["fee"]}').encode()
    invoice = read_json(TypeAdapter(Invoice), body)
    again = InvoicesCreate.load(InvoicesCreate.dump(invoice))
    assert again.total == Decimal("3175.123456789012345678")
    assert again.model_extra == invoice.model_extra == {"fee": Decimal("0.12345678901234567890123")}


def test_every_reason_can_be_kept() -> None:
    """Half a character and a zero, which SQLite cannot read again and PostgreSQL refuses, become question marks."""
    assert dump_error(ValueError("\ud800 and \0 in Őrség")) == "ValueError: ? and ? in Őrség"
    assert dump_error(ValueError("x" * 600)) == "ValueError: " + "x" * 488
