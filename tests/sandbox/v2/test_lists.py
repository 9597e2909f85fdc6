"""What can only be looked up: categories, payment methods, VAT, exchange rates, the account."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import an_item, money

if TYPE_CHECKING:
    from sandbox_caller import Caller


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"country": "DE", "ip": "198.51.100.7"}, {"ip_country": "DE", "country_match": True, "company": None}),
        ({"country": "de"}, {"set_country": "DE", "ip_country": "HU", "country_match": False}),
        ({"country": "DE"}, {"tax_rate": money("0.19")}),
        ({"country": "DE"}, {"billingo_vat": {"id": 13, "value": "0.19", "description": "19.0% - DE"}}),
        ({"country": "HU"}, {"billingo_vat": {"id": 1, "value": "0.27", "description": "27%"}}),
        ({"country": "GR"}, {"set_country": "GR", "tax_rate": money("0.24")}),
        (
            {"country": "DE", "vat_code": "DE13816200"},
            {"company": {"country_code": "DE", "vat_number": "13816200", "name": "Company DE13816200"}},
        ),
    ],
)
async def test_eu_vat(caller: Caller, params: dict[str, str], expected: dict[str, Any]) -> None:
    """The buyer's country has its standard rate, and a VAT rate that an invoice can name."""
    data = await caller.get("/vat/eu", business_country="HU", **params)
    assert expected.items() <= data.items()
    await caller.new_invoice(items=[an_item(vat_id=data["billingo_vat"]["id"])])


@pytest.mark.parametrize(
    ("path", "params", "words"),
    [
        ("/vat", {"v": "27%"}, "v must be a number"),
        ("/vat", {"v": "1e99"}, "v must be a number"),
        ("/vat/eu", {"business_country": "HU"}, "country must be"),
        ("/vat/eu", {"country": "US", "business_country": "HU"}, "country must be"),
        ("/vat/eu", {"country": "DE"}, "business_country must be"),
        ("/vat/eu", {"country": "DE", "business_country": "HU", "ip": "here"}, "ip must be"),
        ("/currency", {"from": "EUR", "to": "XTS", "value": "1"}, "to: there is no rate"),
        ("/currency", {"to": "EUR", "value": "1"}, "from: there is no rate"),
        ("/currency", {"from": "EUR", "to": "HUF"}, "value must be a number"),
        ("/currency", {"from": "EUR", "to": "HUF", "value": "NaN"}, "value must be a number"),
    ],
)
async def test_questions_that_are_none(caller: Caller, path: str, params: dict[str, str], words: str) -> None:
    """A parameter that is missing or wrong is refused by its name."""
    assert words in (await caller.refused(400, "GET", path, **params))["error"]


@pytest.mark.parametrize(
    ("source", "target", "value", "expected"),
    [
        ("EUR", "HUF", "100", "38518"),
        ("HUF", "HUF", "0.1", "0.1"),
        ("HUF", "EUR", "38518", "100"),
        ("EUR", "USD", "100", "108.61767525802"),  # 3851800 / 35462, to 14 digits
    ],
)
async def test_converting(caller: Caller, source: str, target: str, value: str, expected: str) -> None:
    """An amount is converted by the fixed table, to 14 digits."""
    data = await caller.get("/currency", **{"from": source, "to": target, "value": value})
    assert Decimal(data["value"]) == Decimal(expected)
