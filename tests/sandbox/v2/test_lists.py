"""What can only be looked up: categories, payment methods, VAT, exchange rates, the account."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import an_item, money

if TYPE_CHECKING:
    from sandbox_caller import Caller

DOCUMENTED_METHODS = [2, 4, 1, 5, 6, 7, 8, 9, 10, 11, 12]


async def test_expense_categories_are_hungarian(caller: Caller) -> None:
    """There are categories in Hungarian and in no other language."""
    categories = await caller.get("/expenses/categories/hu")
    assert categories[0] == {"id": "1", "attributes": {"id": "1", "lang_code": "hu", "name": "Irodaszer"}}
    await caller.refused(404, "GET", "/expenses/categories/en")


@pytest.mark.parametrize(("language", "name"), [("hu", "Átutalás"), ("en", "Wiretransfer"), ("de", "Überweisung")])
async def test_payment_methods_in_three_languages(caller: Caller, language: str, name: str) -> None:
    """All eleven documented payment methods are there in each language, ids and flags as strings."""
    methods = await caller.get(f"/payment_methods/{language}")
    assert [int(method["id"]) for method in methods] == DOCUMENTED_METHODS
    assert methods[0]["attributes"] == {"id": "2", "lang_code": language, "name": name, "advance_paid": "0"}


async def test_no_payment_methods_in_another_language(caller: Caller) -> None:
    """Another language than the three is refused."""
    await caller.refused(404, "GET", "/payment_methods/fr")


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({}, ["1", "2", "3", "4", "5"]),
        ({"v": "0.27"}, ["1"]),
        ({"v": "0.270"}, ["1"]),
        ({"v": "0"}, ["4", "5"]),
        ({"d": "AM"}, ["4"]),
        ({"v": "0", "d": "EU"}, ["5"]),
        ({"v": "0.27", "d": "EU"}, []),
    ],
)
async def test_vat_rates(caller: Caller, params: dict[str, str], ids: list[str]) -> None:
    """The documented rates are listed, narrowed by value and by description."""
    assert [rate["id"] for rate in await caller.get("/vat", **params)] == ids


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


async def test_the_account(caller: Caller) -> None:
    """The account is a sandbox, and has a tax code."""
    assert await caller.get("/user/is-sandbox") == {"is_sandbox": True}
    assert await caller.get("/user/tax-code") == {"tax_code": "12345678-2-10"}
