"""Bad input sends nothing and says what is wrong, where, and what would be right."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest
import samples

from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    import respx

    from billingo_async import Billingo

NAN = Decimal("nan")
DAY = date(2015, 12, 12)

BODIES: dict[str, Any] = {
    "invoices.pay": samples.PAYMENT,
    "clients.update": samples.CLIENT,
    "products.update": samples.PRODUCT,
    "expenses.update": samples.EXPENSE,
    "bank_accounts.update": samples.BANK_ACCOUNT,
    "recurring.update": samples.PROFILE,
}
"""What is needed beside an id."""


@pytest.mark.parametrize("name", [row.name for row in TABLE if "{id}" in row.path])
async def test_id_that_is_none_sends_nothing(name: str, billingo: Billingo, server: respx.MockRouter) -> None:
    """Empty, zero, negative, text, a float, a bool, a path: the message names the operation and the argument."""
    for bad in ("", 0, -1, "42", 42.0, True, None, "../clients"):
        with pytest.raises(ValueError, match=rf"^{name}: id must be a positive int, got "):
            await attrgetter(name)(billingo)(bad, *([BODIES[name]] if name in BODIES else []))
    assert server.calls.call_count == 0


async def test_download_to_a_file_looks_at_the_id_first(
    billingo: Billingo, server: respx.MockRouter, tmp_path: Any
) -> None:
    """Nothing is sent, and no file is begun."""
    with pytest.raises(ValueError, match=r"^invoices\.download: id must be a positive int, got 0$"):
        await billingo.invoices.download_to(0, tmp_path / "invoice.pdf")
    assert (server.calls.call_count, list(tmp_path.iterdir())) == (0, [])


LISTS = ["invoices.list", "invoices.query", "clients.list", "products.list", "expenses.list", "recurring.list"]
OPTIONS: dict[str, Any] = {"max_per_page": 51, "page": 0, "read_ahead": -1}


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize("option", OPTIONS)
async def test_page_that_the_api_would_refuse_sends_nothing(
    method: str, option: str, billingo: Billingo, server: respx.MockRouter
) -> None:
    """The pager is not even made."""
    with pytest.raises(ValueError, match=rf"^{option} must be a whole number .*, got {OPTIONS[option]}$"):
        attrgetter(method)(billingo)(**{option: OPTIONS[option]})
    assert server.calls.call_count == 0


QUERIES: list[tuple[dict[str, Any], str]] = [
    ({"num_start": 1}, "num_start needs year_start: invoice numbers begin anew each year"),
    ({"num_end": 1}, "num_end needs year_end: invoice numbers begin anew each year"),
    ({"num_start": 1, "year_end": 2015}, "num_start needs year_start: invoice numbers begin anew each year"),
    ({"num_start": 0, "year_start": 2015}, "num_start must be a whole number of at least 1, got 0"),
    ({"num_end": "9", "year_end": 2015}, "num_end must be a whole number of at least 1, got '9'"),
    ({"year_start": 2015.0}, "year_start must be a whole number of at least 1, got 2015.0"),
    ({"payment_method": True}, "payment_method must be a whole number of at least 1, got True"),
    ({"block": -1}, "block must be a whole number of at least 0, got -1"),
    ({"start_date": "2015-01-01"}, "start_date must be a datetime.date, got str"),
    ({"end_date": datetime(2015, 1, 1, tzinfo=UTC)}, "end_date must be a datetime.date, got datetime"),
    (
        {"start_date": date(2015, 1, 2), "end_date": date(2015, 1, 1)},
        "start_date 2015-01-02 is after end_date 2015-01-01: no day lies between; swap them",
    ),
]


@pytest.mark.parametrize(("filters", "message"), QUERIES, ids=range(len(QUERIES)))
async def test_query_that_means_nothing_sends_nothing(
    filters: dict[str, Any], message: str, billingo: Billingo, server: respx.MockRouter
) -> None:
    """A number without its year, a number that is none, a day that is text or a moment, days the wrong way round."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        billingo.invoices.query(**filters)
    assert server.calls.call_count == 0


CREATED = {name.replace(".update", ".create"): body for name, body in BODIES.items() if name != "invoices.pay"}


@pytest.mark.parametrize("name", [*BODIES, *CREATED, "invoices.create"])
async def test_body_of_another_kind_sends_nothing(name: str, billingo: Billingo, server: respx.MockRouter) -> None:
    """A dict, or another noun's model, was never checked: it is refused by the name of what is needed."""
    expected = type({**BODIES, **CREATED}[name]).__name__ if name != "invoices.create" else "NewInvoice"
    other = samples.PAYMENT if name != "invoices.pay" else samples.CLIENT
    for bad in ({"name": "Kovács Kft."}, other, None):
        with pytest.raises(TypeError, match=rf"^a {expected} is needed here, got {type(bad).__name__}$"):
            await attrgetter(name)(billingo)(*([] if name.endswith(".create") else [1]), bad)
    assert server.calls.call_count == 0


EURO: dict[str, Any] = {"source": "EUR", "target": "HUF"}
GERMANY: dict[str, Any] = {"country": "DE", "business_country": "HU"}
LOOKUPS: list[tuple[str, dict[str, Any], str]] = [
    ("vat.list", {"value": 0.27}, "value must be a Decimal or an int, such as"),
    ("vat.list", {"value": NAN}, "value must be a Decimal or an int, such as"),
    ("currencies.convert", {**EURO, "value": 1.5}, "value must be"),
    ("currencies.convert", {**EURO, "value": True}, "value must be"),
    ("currencies.convert", {**EURO, "value": "1"}, "value must be"),
    ("currencies.convert", {**EURO, "value": Decimal("1E+99")}, "value must be"),
    ("currencies.convert", {**EURO, "value": 1, "source": "eur"}, "source must be a code such as 'EUR', in capitals"),
    ("currencies.convert", {**EURO, "value": 1, "target": ""}, "target must be a code such as 'HUF', in capitals"),
    ("vat.eu", {**GERMANY, "country": "Germany"}, "country must be a code such as 'DE', in capitals"),
    ("vat.eu", {**GERMANY, "business_country": "h&x=y"}, "business_country must be a code such as 'HU', in capitals"),
    ("vat.eu", {**GERMANY, "ip": "localhost"}, "ip must be an IPv4 or IPv6 address, such as '203.0.113.7', as text"),
    ("vat.eu", {**GERMANY, "ip": 5}, "ip must be an IPv4 or IPv6 address"),
    ("payment_methods.list", {"lang": "english"}, "payment_methods.list: lang must be two small letters"),
    ("expenses.categories", {"lang": ""}, "expenses.categories: lang must be two small letters"),
]


@pytest.mark.parametrize(("method", "arguments", "message"), LOOKUPS, ids=range(len(LOOKUPS)))
async def test_lookup_that_means_nothing_sends_nothing(
    method: str, arguments: dict[str, Any], message: str, billingo: Billingo, server: respx.MockRouter
) -> None:
    """Floats, codes that are none, addresses that are none."""
    with pytest.raises(ValueError, match=re.escape(message)):
        await attrgetter(method)(billingo)(**arguments)
    assert server.calls.call_count == 0


async def test_text_that_is_none_is_named_as_the_caller_names_it(billingo: Billingo, server: respx.MockRouter) -> None:
    """Not by the API's own letter for it; and an address of somebody's is not repeated."""
    nothing: Any = b""
    with pytest.raises(TypeError, match=r"^description must be text, got bytes$"):
        await billingo.vat.list(description=nothing)
    odd: list[Any] = [5, DAY, nothing]
    for wrong in odd:
        with pytest.raises(TypeError, match=rf"^vat_code must be text, got {type(wrong).__name__}$"):
            await billingo.vat.eu(**GERMANY, vat_code=wrong)
    with pytest.raises(ValueError, match=r"^ip must be") as caught:
        await billingo.vat.eu(**GERMANY, ip="203.0.113.777")
    assert "777" not in str(caught.value)
    assert server.calls.call_count == 0
