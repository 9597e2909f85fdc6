"""A slip in what a caller writes is one error, which names what was probably meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from billingo_async.v2.models import NewClient, NewInvoice, NewItem

ITEM: dict[str, Any] = {"description": "Test item", "vat_id": 1, "qty": 1, "unit": "pc", "net_unit_price": 3500}
INVOICE: dict[str, Any] = {
    "client_uid": 115387686,
    "items": [ITEM],
    "payment_method": 1,
    "due_date": date(2015, 12, 20),
    "fulfillment_date": date(2015, 12, 12),
}


def test_an_unknown_field_is_refused_with_the_one_that_was_meant() -> None:
    """The message names the model and the field that is spelled most like it; without one, all there are."""
    with pytest.raises(ValidationError) as caught:
        NewInvoice.model_validate({**INVOICE, "payment_methd": 2, "colour": "red"})
    first, second = caught.value.errors()
    assert (first["loc"], second["loc"]) == (("payment_methd",), ("colour",))
    assert first["msg"] == "NewInvoice has no field 'payment_methd'; did you mean 'payment_method'?"
    assert second["msg"].startswith("NewInvoice has no field 'colour'; its fields are fulfillment_date, ")
    with pytest.raises(ValidationError, match=r"Address has no field 'zip'; its fields are .*postcode"):
        NewClient.model_validate({"name": "A", "billing_address": {"zip": "9400"}})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ITEM, "net_unit_price": 3500.1}, r'use Decimal\("3500.10"\) or an int'),
        ({**ITEM, "net_price": 1}, "NewItem has no field 'net_price'; did you mean 'net_unit_price'"),
        ({"product_uid": 7, "qty": 1, "unit": "pc"}, "NewProductItem has no field 'unit'"),
    ],
    ids=["a float", "a slip of the pen", "more than a product takes"],
)
def test_a_row_is_measured_against_its_own_kind_alone(row: dict[str, Any], message: str) -> None:
    """One slip in a row is one error: a row with a product's id is the one kind, any other row the other."""
    with pytest.raises(ValidationError, match=message) as caught:
        NewInvoice.model_validate({**INVOICE, "items": [row]})
    assert caught.value.error_count() == 1


@pytest.mark.parametrize("items", [NewItem(**ITEM), "bread", 3], ids=["a row", "text", "a number"])
def test_rows_are_a_list(items: object) -> None:
    """A single row in the place of the rows is refused as what it is."""
    with pytest.raises(ValidationError, match=f"items must be a list, not {type(items).__name__}"):
        NewInvoice.model_validate({**INVOICE, "items": items})
