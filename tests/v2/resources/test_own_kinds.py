"""Values of a caller's own kinds, such as an enum's members, are sent as the plain text or number that they hold."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from billingo_async import Address, Billingo, ClientDefaults, NewClient, NewInvoice, NewItem, Payment
from billingo_async.fields.exact import to_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import respx


class Code(str, Enum):  # noqa: UP042 - the older spelling, whose str() is "Code.ENGLISH"
    """Texts as many programs list them."""

    ENGLISH = "en"
    GERMANY = "DE"
    HUNGARY = "HU"
    EURO = "EUR"
    EXEMPT = "AM"


class Number(int, Enum):
    """Numbers likewise."""

    TWO = 2


class Bent(str):
    """Text that says something else of itself."""

    __slots__ = ()

    def __str__(self) -> str:
        """Climb out of the path, begin a query."""
        return "../../elsewhere?x="

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        """Say the same."""
        return str(self)


ASKED: dict[str, tuple[Callable[[Billingo], Awaitable[Any]], str]] = {
    "a language": (lambda b: b.payment_methods.list(Code.ENGLISH), "/payment_methods/en"),
    "a bent language": (lambda b: b.payment_methods.list(Bent("en")), "/payment_methods/en"),
    "a description": (lambda b: b.vat.list(description=Code.EXEMPT), "/vat?d=AM"),
    "countries": (
        lambda b: b.vat.eu(country=Code.GERMANY, business_country=Code.HUNGARY, vat_code=Bent("DE1")),
        "/vat/eu?country=DE&business_country=HU&vat_code=DE1",
    ),
    "currencies": (
        lambda b: b.currencies.convert(Decimal(1), source=Code.EURO, target="HUF"),
        "/currency?from=EUR&to=HUF&value=1",
    ),
    "a query": (
        lambda b: b.request("GET", Bent("/vat"), effect="read", params={"v": Number.TWO, "d": Code.EXEMPT}),
        "/vat?v=2&d=AM",
    ),
}


@pytest.mark.parametrize("name", ASKED)
async def test_an_own_kind_of_text_or_number_is_sent_as_what_it_holds(
    name: str, billingo: Billingo, server: respx.MockRouter
) -> None:
    """In a path and in a query, whatever `str()` of the value would say."""
    call, target = ASKED[name]
    sent = server.route().mock(return_value=httpx.Response(404))
    with pytest.raises(Exception, match="404"):
        await call(billingo)
    assert sent.calls.last.request.url.raw_path.decode() == f"/api{target}"


def test_a_body_holds_what_an_own_kind_of_value_holds() -> None:
    """Ids, numbers that go out as text, texts and codes of a client; those of an invoice likewise."""
    client = NewClient(
        name=Code.EURO,
        type=Number.TWO,
        internal_id=Number.TWO,
        billing_address=Address(street_name=Bent("a"), city="b", postcode="1", country=Code.HUNGARY),
        defaults=ClientDefaults(payment_method=Number.TWO, invoice_template_lang_code=Bent("tlh")),
    )
    assert json.loads(to_json(client.to_payload())) == {
        "name": "EUR",
        "type": "2",
        "internal_id": 2,
        "billing_address": {"street_name": "a", "city": "b", "postcode": "1", "country": "Magyarország"},
        "defaults": {"payment_method": "2", "invoice_template_lang_code": "tlh"},
    }
    invoice = NewInvoice(
        client_uid=Number.TWO,
        payment_method=Number.TWO,
        currency=Code.EURO,
        template_lang_code=Bent("tlh"),
        fulfillment_date=date(2015, 12, 12),
        due_date=date(2015, 12, 20),
        items=[NewItem(description=Bent("Honey"), vat_id=1, qty=1, unit="jar", net_unit_price=Number.TWO)],
    )
    payload = json.loads(to_json(invoice.to_payload()))
    assert (payload["client_uid"], payload["payment_method"], payload["currency"]) == (2, 2, "EUR")
    assert (payload["template_lang_code"], payload["items"][0]["description"]) == ("tlh", "Honey")
    assert payload["items"][0]["net_unit_price"] == 2


class BentAmount(Decimal):
    """A number that says another of itself."""

    def __format__(self, spec: str = "", /, context: object = None) -> str:
        """Say a hundredfold."""
        return "12705"

    def __str__(self) -> str:
        """Say a hundredfold here as well."""
        return "12705"


def test_an_amount_of_an_own_kind_is_sent_as_the_number_that_it_is() -> None:
    """Whatever it says of itself."""
    payment = Payment(date=date(2026, 3, 2), amount=BentAmount("127.05"), payment_method=1)
    assert to_json(payment.to_payload()["amount"]) == b"127.05"
