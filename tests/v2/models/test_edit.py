"""Read, change, write back: nothing that the caller left alone is lost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.reading import read_json
from billingo_async.v2.models import Client, Product, RecurringProfile

if TYPE_CHECKING:
    from pathlib import Path


def attributes(shared: Path, name: str) -> dict[str, Any]:
    """The attributes of the first entry of a documented answer."""
    data = json.loads((shared / "payloads" / f"{name}.response.json").read_bytes())["data"]
    entry = data if "attributes" in data else data[0]
    return {**entry["attributes"], "id": entry["id"]}


def test_what_nobody_documented_travels_along() -> None:
    """Unknown fields go back, exactly, at every depth; what the server alone decides does not."""
    body = (
        b'{"id":7,"uid":7,"name":"A","created_at":"2017-10-04 15:26:26","discount":0.10,"tags":[{"a":1.5}],'
        b'"tax_type":"ALIEN",'
        b'"billing_address":{"street_name":"S","city":"C","postcode":"1","country":"H","planet":{"mass":5.97}},"force":true}'
    )
    payload = read_json(TypeAdapter(Client), body).edit(name="B").to_payload()
    address = {"street_name": "S", "city": "C", "postcode": "1", "country": "H"}
    assert exact_json(to_json(payload)) == {
        "name": "B",
        "discount": Decimal("0.1"),
        "tags": [{"a": Decimal("1.5")}],
        "tax_type": "ALIEN",
        "billing_address": {**address, "planet": {"mass": Decimal("5.97")}},
    }


def test_a_product_is_written_back_without_the_servers_own(shared: Path) -> None:
    """Price and VAT go back; the VAT object, the dates and the stock do not; empty ledger numbers are left alone."""
    product = Product.model_validate_json(json.dumps(attributes(shared, "products.list")))
    told = {"name": "Test Product", "unit": "db", "currency_code": "HUF", "vat_id": 1}
    assert product.edit(price=Decimal("8000.50")).to_payload() == {**told, "price": Decimal("8000.5")}


def test_a_profile_is_written_back() -> None:
    """A recurring profile's counters are the server's."""
    value = {"base_invoice_uid": 1, "frequency": "2M", "start_date": "2017-10-27", "used_qty": 3, "stopped": 0}
    payload = RecurringProfile.model_validate(value).edit(frequency="1M").to_payload()
    assert payload == {"base_invoice_uid": 1, "frequency": "1M", "start_date": "2017-10-27", "stopped": False}


def test_a_blemish_of_the_servers_own_does_not_keep_a_caller_from_a_change() -> None:
    """What was read goes back as it is; what the caller changes is checked."""
    product = Product(id=1, name="A", price=Decimal(1), unit="", currency_code="huf", vat_id=0)
    assert product.edit(name="B").to_payload()["unit"] == ""
    for change in ({"unit": ""}, {"currency_code": "huf"}, {"vat_id": 0}, {"price": 1.5}):
        with pytest.raises(ValidationError):
            product.edit(**change)


def test_a_change_without_a_field_is_refused_with_the_nearest() -> None:
    """A slip in a name is named."""
    with pytest.raises(TypeError, match="did you mean 'phone'"):
        Client(id=1, name="A").edit(fone="1")
    with pytest.raises(TypeError, match="no field 'zzz'; its fields are name, "):
        Client(id=1, name="A").edit(zzz=1)


def test_what_was_never_told_has_to_be_given() -> None:
    """A client without an address cannot be written back; the message names the field."""
    with pytest.raises(ValidationError, match="billing_address"):
        Client(id=1, name="A").edit(phone="1")


@pytest.mark.parametrize("odd", [7, "7", "ALIEN", 0], ids=repr)
def test_a_value_that_nobody_documented_survives_in_either_kind_of_json(odd: object) -> None:
    """A number or text in the place of a known value goes back as it came, in every field that has known values."""
    parts = {"street_name": "S", "city": "C", "postcode": "1", "country": "H"}
    defaults = {"invoice_template_lang_code": odd}
    client = read_json(
        TypeAdapter(Client), to_json({"name": "A", "billing_address": parts, "tax_type": odd, "defaults": defaults})
    )
    payload = client.edit(phone="1").to_payload()
    assert (payload["tax_type"], payload["defaults"]) == (odd, defaults)
    value = {"name": "P", "price": 1, "unit": "x", "currency_code": "HUF", "vat_id": 1, "entitlement": odd}
    product = read_json(TypeAdapter(Product), to_json(value))
    assert product.edit(name="Q").to_payload() == {**value, "name": "Q"}
    assert product.edit().model_dump()["entitlement"] == odd


def test_a_caller_still_writes_text_where_text_belongs() -> None:
    """What the server may say is no licence for a change."""
    value = {"name": "P", "price": 1, "unit": "x", "currency_code": "HUF", "vat_id": 1, "entitlement": 7}
    with pytest.raises(ValidationError, match="must be text, not int"):
        Product.model_validate(value).edit(entitlement=7)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({"bank": {"account_no": None, "iban": "HU1"}}, {"bank": {"iban": "HU1"}}),
        ({"bank": {"account_no": None, "iban": None, "swift": None}}, {"bank": {}}),
        ({"bank": {"account_no": ""}}, {"bank": {"account_no": ""}}),
        ({"billing_address": {"street_name": "S", "city": None}}, {"billing_address": {"street_name": "S"}}),
    ],
    ids=["no number", "nothing at all", "an empty number", "no city"],
)
def test_a_part_that_the_server_told_incompletely_does_not_stand_in_the_way(
    value: dict[str, Any], sent: dict[str, Any]
) -> None:
    """The caller changes the phone; who gives such a part himself is told what is missing."""
    complete = {"name": "A", "billing_address": {"street_name": "S", "city": "C", "postcode": "1", "country": "H"}}
    client = Client.model_validate({**complete, **value})
    assert client.edit(phone="1").to_payload() == {**complete, **sent, "phone": "1"}
    (part,) = value
    if None in value[part].values():
        with pytest.raises(ValidationError, match=r"(Bank\.account_no|Address\.city) is missing"):
            client.edit(**{part: getattr(client, part)})


def test_a_value_that_could_not_be_read_is_left_out() -> None:
    """As `edit` says: what reading forgave to None is not written back, and the rest is."""
    complete = {"name": "A", "billing_address": {"street_name": "S", "city": "C", "postcode": "1", "country": "H"}}
    odd = {"type": "company", "internal_id": 1.5, "defaults": {"payment_method": "cash", "invoice_due_days": "8"}}
    payload = Client.model_validate({**complete, **odd}).edit(phone="1").to_payload()
    assert payload == {**complete, "defaults": {"invoice_due_days": "8"}, "phone": "1"}
