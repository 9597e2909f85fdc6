"""A copy with changes is checked like what is written anew, at the place of the mistake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from billingo_async.v2 import models

DAY = date(2015, 12, 12)
ITEM = models.NewItem(description="Honey", vat_id=1, qty=2, unit="jar", net_unit_price=Decimal("3500.10"))
INVOICE = models.NewInvoice(client_uid=7, payment_method=1, fulfillment_date=DAY, due_date=DAY, items=[ITEM])
PAYMENT = models.Payment(date=DAY, amount=5, payment_method=1)
ADDRESS = models.Address(street_name="Deák", city="Sopron", postcode="9400", country="Hungary")
CLIENT = models.NewClient(name="A", billing_address=ADDRESS)

SLIPS: list[tuple[Any, dict[str, Any]]] = [
    (INVOICE, {"client_uid": -5}), (INVOICE, {"client_uid": "7"}), (INVOICE, {"client_uid": True}),
    (INVOICE, {"client_uid": None}), (INVOICE, {"items": []}), (INVOICE, {"items": "abc"}),
    (INVOICE, {"items": [{"description": "x"}]}), (INVOICE, {"clinet_uid": 5}), (INVOICE, {"due_date": "whenever"}),
    (INVOICE, {"due_date": datetime(2026, 1, 1, tzinfo=UTC)}), (INVOICE, {"exchange_rate": Decimal("1E+300000000")}),
    (ITEM, {"gross_unit_price": Decimal(5)}), (ITEM, {"net_unit_price": None}), (ITEM, {"net_unit_price": 0.1}),
    (PAYMENT, {"amount": Decimal(-5)}), (PAYMENT, {"amount": Decimal("NaN")}), (PAYMENT, {"payment_method": 0}),
    (PAYMENT, {"date": None}), (CLIENT, {"name": ""}), (CLIENT, {"tax_type": 7}),
    (CLIENT, {"bank": models.Bank.model_validate({"iban": "HU1"})}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "update"), SLIPS, ids=range(len(SLIPS)))
def test_a_copy_refuses_what_the_constructor_refuses(model: Any, update: dict[str, Any]) -> None:
    """The same places, in the same words."""
    given = {name: getattr(model, name) for name in model.model_fields_set}
    with pytest.raises(ValidationError) as made:
        type(model)(**{**given, **update})
    with pytest.raises(ValidationError) as copied:
        model.model_copy(update=update)
    assert [(fault["loc"], fault["msg"]) for fault in copied.value.errors()] == [
        (fault["loc"], fault["msg"]) for fault in made.value.errors()
    ]


@pytest.mark.parametrize("deep", [False, True])
def test_a_copy_holds_the_changes_and_the_rest(deep: bool) -> None:  # noqa: FBT001 - pytest hands it in
    """What was given stays given, what was left alone stays left alone; without changes it is simply a copy."""
    changed = INVOICE.model_copy(update={"due_date": "2015-12-20", "comment": "Thanks"}, deep=deep)
    days: dict[str, Any] = {"fulfillment_date": DAY, "due_date": date(2015, 12, 20)}
    assert changed == models.NewInvoice(client_uid=7, payment_method=1, items=[ITEM], comment="Thanks", **days)
    assert changed.to_payload().keys() == INVOICE.to_payload().keys()
    assert INVOICE.model_copy(deep=deep) == INVOICE
    priced = ITEM.model_copy(update={"net_unit_price": None, "gross_unit_price": 4445}, deep=deep)
    assert (priced.net_unit_price, priced.gross_unit_price) == (None, 4445)


def test_what_an_edit_took_over_is_copied_along() -> None:
    """The server's own blemishes and unknown fields stay; a caller who says one anew is checked."""
    blemished = {"unit": "", "currency_code": "huf", "colour": "gold"}
    read = models.Product.model_validate({"id": 7, "name": "Honey", "price": "1", "vat_id": "0", **blemished})
    edited = read.edit(price=2).model_copy(update={"name": "Wax"})
    assert edited.to_payload() == {"name": "Wax", "price": 2, "vat_id": 0, **blemished}
    with pytest.raises(ValidationError, match="must not be empty"):
        edited.model_copy(update={"unit": ""})


PART_SLIPS: list[tuple[Any, dict[str, Any], str]] = [
    (ADDRESS, {"city": ""}, "Address.city must not be empty"),
    (ADDRESS, {"city": None}, "Address.city must not be empty"),
    (ADDRESS, {"door": ["1"]}, "Address.door cannot be a list"),
    (ADDRESS, {"zip": "1"}, "Address has no field 'zip'"),
    (models.Bank(account_no="1"), {"account_no": " "}, "Bank.account_no must not be empty"),
    (models.ClientDefaults(), {"payment_method": "cash"}, "ClientDefaults.payment_method cannot be a str"),
]


@pytest.mark.parametrize(("part", "update", "message"), PART_SLIPS, ids=range(len(PART_SLIPS)))
def test_a_part_is_as_strict(part: Any, update: dict[str, Any], message: str) -> None:
    """The parts that serve both ways refuse in a copy what a caller cannot construct."""
    with pytest.raises(ValueError, match=message):
        part.model_copy(update=update)


def test_an_incomplete_part_that_was_read_can_be_completed() -> None:
    """What the server left out keeps nobody from changing something else, and what nobody documented stays."""
    client = models.Client.model_validate({"billing_address": {"street_name": "S", "planet": "Earth"}})
    assert client.billing_address is not None
    moved = client.billing_address.model_copy(update={"door": "3"})
    assert moved.to_payload() == {"street_name": "S", "planet": "Earth", "door": "3"}


def test_what_was_constructed_unchecked_is_not_sent_without_a_required_field() -> None:
    """`model_construct` checks nothing; the body names what is missing."""
    anything: Any = models.NewInvoice
    with pytest.raises(ValueError, match=r"^NewInvoice\.fulfillment_date is missing$"):
        anything.model_construct(client_uid=1).to_payload()
    product = models.NewProduct.model_construct(name="x", price=1, unit="x", currency_code="HUF", vat_id=1)
    assert product.to_payload()["name"] == "x"
