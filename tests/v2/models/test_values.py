"""Models as values: frozen, equal, copied, pickled, and silent about personal data in a log."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError
from samples import models_of

from billingo_async.fields.reading import ReadModel
from billingo_async.fields.writing import WrittenModel
from billingo_async.v2 import models

SECRETS = ("Kovács", "kovacs@example.com", "12345678-2-00", "Deák", "Sopron", "11111111-2222", "gift for Ő", "red")
CLIENT = {
    "id": 7, "name": "Kovács", "email": "kovacs@example.com", "taxcode": "12345678-2-00",
    "billing_address": {"street_name": "Deák", "city": "Sopron", "postcode": "9400", "country": "Magyarország",
                        "colour": "red"},
    "bank": {"account_no": "11111111-2222"}, "colour": "red",
}  # fmt: skip
ROW = {"description": "gift for Ő", "qty": "1.000", "vat_id": 1, "colour": "red"}
INVOICE = {
    "id": 878790507,
    "invoice_no": "2015-000008",
    "total": 4445,
    "currency": "HUF",
    "comment": "gift for Ő",
    "client": CLIENT,
    "items": [ROW],
}
NEW = models.NewInvoice(
    client_uid=7,
    payment_method=2,
    due_date=date(2015, 12, 20),
    fulfillment_date=date(2015, 12, 12),
    comment="gift for Ő",
    items=(
        models.NewItem(description="gift for Ő", vat_id=1, qty=1, unit="db", net_unit_price=Decimal("3500.10")),
        models.NewProductItem(product_uid=5, qty=2),
    ),
)
VALUES: tuple[ReadModel | WrittenModel, ...] = (
    models.Invoice.model_validate(INVOICE),
    models.Client.model_validate(CLIENT),
    models.Client.model_validate(CLIENT).edit(phone="1"),
    NEW,
    models.Payment(date=date(2017, 1, 1), amount=12300, payment_method=2),
    models.Address(street_name="Deák", city="Sopron", postcode="9400", country="HU"),
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_model_is_a_value(value: ReadModel | WrittenModel) -> None:
    """A pickle, a copy and a deep copy are equal to the original; a changed copy is not."""
    for twin in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):  # noqa: S301 - our own
        assert twin == value
        assert repr(twin) == repr(value)
        if isinstance(value, WrittenModel) and isinstance(twin, WrittenModel):
            assert twin.to_payload() == value.to_payload()
    assert value != type(value).model_construct()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_model_is_frozen(value: ReadModel | WrittenModel) -> None:
    """What was read or written stays as it is."""
    with pytest.raises(ValidationError):
        setattr(value, next(iter(type(value).model_fields)), None)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_no_personal_data_is_shown(value: ReadModel | WrittenModel) -> None:
    """Neither `repr` nor `str` nor a format shows more than the allowed fields."""
    for text in (repr(value), str(value), f"{value}", f"{[value]}"):
        assert not [secret for secret in SECRETS if secret in text]


def test_what_is_shown() -> None:
    """The fields that help in a log."""
    invoice = models.Invoice.model_validate(INVOICE)
    assert repr(invoice) == "Invoice(id=878790507, invoice_no='2015-000008', total=Decimal('4445'), currency='HUF')"
    assert repr(invoice.client) == "Client(id=7)"
    assert repr(NEW) == "NewInvoice(client_uid=7, type=<InvoiceType.NORMAL: 3>, currency='HUF', items=2)"
    assert repr(models.PaymentState(fully_paid=False, outstanding=Decimal(5))) == (
        "PaymentState(fully_paid=False, outstanding=Decimal('5'))"
    )


def test_only_fields_that_exist_are_shown() -> None:
    """Each model's list of fields to show and of fields to write names fields of its own."""
    for model in (*models_of(models, ReadModel), *models_of(models, WrittenModel)):
        written = [*getattr(model, "always", ()), *getattr(model, "encoders", ()), *getattr(model, "required", ())]
        assert {*model.shown, *written} <= model.model_fields.keys(), model
        assert model.__doc__, model


def test_a_refusal_shows_no_personal_data() -> None:
    """What the caller wrote does not stand in the message that refuses it."""
    with pytest.raises(ValidationError) as caught:
        models.NewClient.model_validate({"name": "Kovács", "email": ["kovacs@example.com"], "billing_address": "Deák"})
    assert not [secret for secret in SECRETS if secret in str(caught.value)]
