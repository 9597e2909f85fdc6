"""Writing refuses: what cannot be sent faithfully is an error, and the rest is spelled as documented."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from billingo_async.fields.exact import to_json
from billingo_async.v2 import models

ADDRESS = models.Address(street_name="Deák tér 6", city="Sopron", postcode="9400", country="Magyarország")
ITEM: dict[str, Any] = {"description": "Test item", "vat_id": 1, "qty": 1, "unit": "pc", "net_unit_price": 3500}
INVOICE: dict[str, Any] = {
    "client_uid": 115387686,
    "items": [models.NewItem(**ITEM)],
    "payment_method": 1,
    "due_date": date(2015, 12, 20),
    "fulfillment_date": date(2015, 12, 12),
}
PAYMENT: dict[str, Any] = {"date": date(2017, 1, 1), "amount": 12300, "payment_method": 2}
CLIENT: dict[str, Any] = {"name": "Gigazoom LLC.", "billing_address": ADDRESS}
PRODUCT: dict[str, Any] = {"name": "A", "price": 1, "unit": "db", "currency_code": "HUF", "vat_id": 1}


def changed(given_: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The same arguments with some of them changed."""
    return given_ | fields


def test_the_defaults_that_the_api_requires_are_written() -> None:
    """A minimal invoice says everything that the API's schema requires, and nothing else."""
    assert models.NewInvoice(**INVOICE).to_payload() == {
        "client_uid": 115387686,
        "items": [{"description": "Test item", "vat_id": 1, "qty": Decimal(1), "unit": "pc", "net_unit_price": 3500}],
        "payment_method": 1,
        "due_date": "2015-12-20",
        "fulfillment_date": "2015-12-12",
        "block_uid": 0,
        "type": 3,
        "currency": "HUF",
        "template_lang_code": "hu",
        "electronic_invoice": 0,
        "comment": "",
    }


@pytest.mark.parametrize(
    "value", [3500.1, "3500.10", True, None, Decimal("NaN"), Decimal("Infinity"), Decimal("1e41")], ids=repr
)
def test_money_is_a_finite_exact_number(value: object) -> None:
    """Floats, text and flags are no money, nor is what has no end."""
    with pytest.raises(ValidationError) as caught:
        models.Payment(**changed(PAYMENT, amount=value))
    assert "amount" in str(caught.value)


def test_money_is_a_decimal_after() -> None:
    """An int becomes a Decimal."""
    assert type(models.Payment(**PAYMENT).amount) is Decimal


@pytest.mark.parametrize("value", [0, -1, True, "1", "", 1.0, None], ids=repr)
@pytest.mark.parametrize("field", ["client_uid", "payment_method", "bank_account_uid"])
def test_an_id_is_a_positive_int(field: str, value: object) -> None:
    """Nothing that cannot be an id of the server's is taken for one."""
    if value is None and field == "bank_account_uid":
        assert "bank_account_uid" not in models.NewInvoice(**INVOICE, bank_account_uid=None).to_payload()
        return
    with pytest.raises(ValidationError) as caught:
        models.NewInvoice(**changed(INVOICE, **{field: value}))
    assert field in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("block_uid", -1), ("block_uid", False), ("round_to", 2), ("round_to", True), ("currency", "huf"),
        ("currency", "FORINT"), ("currency", "HUF\n"), ("due_date", "2015-13-20"), ("due_date", 20151220),
        ("due_date", datetime(2015, 12, 20)),  # noqa: DTZ001 - refused whatever its zone
        ("electronic_invoice", 2), ("electronic_invoice", "1"), ("type", "3"), ("type", True),
        ("template_lang_code", 1), ("comment", None), ("exchange_rate", 0), ("items", []),
        ("items", [{"product_uid": 1}]), ("colour", "red"),
    ],
    ids=repr,
)  # fmt: skip
def test_an_invoice_refuses_what_cannot_be_meant(field: str, value: object) -> None:
    """Each slip is an error that names its field."""
    with pytest.raises(ValidationError) as caught:
        models.NewInvoice(**changed(INVOICE, **{field: value}))
    assert field in str(caught.value)


def test_an_item_has_exactly_one_price() -> None:
    """No price and two prices are errors."""
    without = {name: value for name, value in ITEM.items() if name != "net_unit_price"}
    with pytest.raises(ValidationError, match="needs a price"):
        models.NewItem(**without)
    with pytest.raises(ValidationError, match="one price"):
        models.NewItem(**ITEM, gross_unit_price=4445)
    assert models.NewItem(**without, gross_unit_price=4445).to_payload()["gross_unit_price"] == 4445


@pytest.mark.parametrize("field", ["description", "unit"])
@pytest.mark.parametrize("value", ["", "  ", None, 5], ids=repr)
def test_texts_that_matter_are_not_empty(field: str, value: object) -> None:
    """An item says what it is."""
    with pytest.raises(ValidationError) as caught:
        models.NewItem(**changed(ITEM, **{field: value}))
    assert field in str(caught.value)


@pytest.mark.parametrize("field", ["street_name", "city", "postcode", "country"])
@pytest.mark.parametrize("value", ["", " ", None], ids=repr)
def test_an_address_needs_its_parts(field: str, value: object) -> None:
    """A caller's address is complete or refused, by itself and within a client."""
    parts = changed(ADDRESS.to_payload(), **{field: value})
    with pytest.raises(ValueError, match=field):
        models.Address(**parts)
    with pytest.raises(ValidationError, match=field):
        models.NewClient(**changed(CLIENT, billing_address=parts))


@pytest.mark.parametrize(
    ("part", "given_", "named"),
    [
        (models.Address, {"stret_name": "Deák"}, "did you mean 'street_name'"),
        (models.Bank, {"account_no": "1", "bic": "X"}, "bic"),
        (models.Bank, {}, "account_no"),
        (models.Bank, {"account_no": 1.5}, "account_no"),
        (models.ClientDefaults, {"payment_method": "cash"}, "payment_method"),
        (models.ClientDefaults, {"invoice_due_days": True}, "invoice_due_days"),
        (models.ClientDefaults, {"electronic_invoice": 7}, "electronic_invoice"),
        (models.ClientDefaults, {"invoice_currency": ["HUF"]}, "invoice_currency"),
    ],
    ids=repr,
)
def test_what_serves_both_ways_is_strict_with_a_caller(part: type[Any], given_: dict[str, Any], named: str) -> None:
    """Reading would forgive these; a caller cannot have meant them."""
    with pytest.raises(ValueError, match=named):
        part(**given_)


def test_an_incomplete_address_that_was_read_is_refused_with_the_fields_name() -> None:
    """What the server left out cannot be written back; the message names it."""
    with pytest.raises(ValidationError, match=r"Address\.country is missing"):
        models.NewClient(
            name="A", billing_address=models.Address.model_validate({"city": "X", "street_name": "Y", "postcode": "1"})
        )


def test_a_client_is_spelled_as_documented() -> None:
    """The type and the defaults go out as text, `force` as a flag."""
    defaults = models.ClientDefaults(payment_method=1, electronic_invoice=True, invoice_due_days=3)
    bank, foreign = models.Bank(account_no="1"), models.TaxType.FOREIGN
    new = models.NewClient(**CLIENT, type=2, force=True, tax_type=foreign, defaults=defaults, bank=bank)
    payload = new.to_payload()
    assert payload["type"] == "2"
    assert payload["force"] is True
    assert payload["tax_type"] == "FOREIGN"
    assert payload["bank"] == {"account_no": "1"}
    assert payload["defaults"] == {"payment_method": "1", "electronic_invoice": "1", "invoice_due_days": "3"}


def test_open_enums_take_members_and_raw_values() -> None:
    """Values that nobody documented can be written; known ones become members."""
    new = models.NewInvoice(**INVOICE, type=9, template_lang_code="tlh")
    assert (new.to_payload()["type"], new.to_payload()["template_lang_code"]) == (9, "tlh")
    new = models.NewInvoice(**INVOICE, type=1, template_lang_code="de")
    assert (new.type, new.template_lang_code) == (models.InvoiceType.PROFORMA, models.Language.GERMAN)
    assert models.NewItem(**ITEM, entitlement="AAM").entitlement is models.Entitlement.AAM
    assert json.loads(to_json(new.to_payload()))["type"] == 1


def test_null_is_written_where_it_is_given_and_documented() -> None:
    """None that the caller set goes out as null where the API takes it, and else not; nor does what was left alone."""
    assert models.NewItem(**ITEM, entitlement=None).to_payload()["entitlement"] is None
    assert "entitlement" not in models.NewItem(**ITEM).to_payload()
    silent = models.NewInvoice(**INVOICE, exchange_rate=None, is_paid=None)
    assert silent.to_payload() == models.NewInvoice(**INVOICE).to_payload()


def test_the_other_nouns_refuse_too() -> None:
    """A product, an account, a schedule and a product's row, each with a slip."""
    for make in (
        lambda: models.NewProduct(**changed(PRODUCT, price=1.5)),
        lambda: models.NewBankAccount(bank_name="", account_no="1", currency="HUF"),
        lambda: models.NewRecurringProfile(base_invoice_uid=0, frequency="2M", start_date=date(2017, 10, 27)),
        lambda: models.NewProductItem(**changed({}, product_uid=1, qty=0.5)),
    ):
        with pytest.raises(ValidationError):
            make()


def test_a_recurring_profile_is_spelled_as_documented() -> None:
    """The withdrawn documentation's own example."""
    sample: dict[str, Any] = {
        "base_invoice_uid": 726237622,
        "frequency": "2M",
        "due_days": 10,
        "fulfillment_shift": 5,
        "send_invoice": True,
        "max_qty": 2,
        "comment": "valami",
        "stopped": False,
        "start_date": "2017-10-27",
    }
    assert models.NewRecurringProfile.model_validate(sample).to_payload() == sample


def test_rounding_is_sent_only_where_it_is_given() -> None:
    """Left out, the account's own rounding applies; 0 that is given says that nothing is rounded."""
    assert models.NewInvoice(**INVOICE).round_to == 0
    assert "round_to" not in models.NewInvoice(**INVOICE).to_payload()
    assert models.NewInvoice(**INVOICE, round_to=0).to_payload()["round_to"] == 0


@pytest.mark.parametrize(("round_to", "currency"), [(5, "EUR"), (10, "USD")])
def test_rounding_to_fives_and_tens_is_for_forints(round_to: int, currency: str) -> None:
    """No bill is rounded to five euros; it would be paid wrongly."""
    with pytest.raises(ValidationError, match=f"round_to={round_to} is for forints, not for {currency}"):
        models.NewInvoice(**INVOICE, round_to=round_to, currency=currency)
    assert models.NewInvoice(**INVOICE, round_to=round_to).round_to == round_to
    assert models.NewInvoice(**INVOICE, round_to=1, currency=currency).round_to == 1


def test_an_unknown_field_is_refused_with_the_one_that_was_meant() -> None:
    """The message names the model and the field that is spelled most like it; without one, all there are."""
    with pytest.raises(ValidationError) as caught:
        models.NewInvoice.model_validate({**INVOICE, "payment_methd": 2, "colour": "red"})
    first, second = caught.value.errors()
    assert (first["loc"], second["loc"]) == (("payment_methd",), ("colour",))
    assert first["msg"] == "NewInvoice has no field 'payment_methd'; did you mean 'payment_method'?"
    assert second["msg"].startswith("NewInvoice has no field 'colour'; its fields are fulfillment_date, ")
    with pytest.raises(ValidationError, match=r"Address has no field 'zip'; its fields are .*postcode"):
        models.NewClient.model_validate({"name": "A", "billing_address": {"zip": "9400"}})


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
        models.NewInvoice.model_validate({**INVOICE, "items": [row]})
    assert caught.value.error_count() == 1


@pytest.mark.parametrize("items", [models.NewItem(**ITEM), "bread", 3], ids=["a row", "text", "a number"])
def test_rows_are_a_list(items: object) -> None:
    """A single row in the place of the rows is refused as what it is."""
    with pytest.raises(ValidationError, match=f"items must be a list, not {type(items).__name__}"):
        models.NewInvoice.model_validate({**INVOICE, "items": items})
