"""What can only be looked up: rates, the organization, tax numbers, ids of v2, the time; nothing changes here."""

from __future__ import annotations

import re
from datetime import date
from decimal import Context, Decimal

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import number_of, quantized
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Refusal, Response
from billingo_async.sandbox.v3 import dialect, views
from billingo_async.sandbox.v3.dialect import invalid

_TAX_NUMBER = re.compile(r"[0-9]{8}-[12345]-[0-9]{2}")
_TAX_WEIGHTS = (9, 7, 3, 1, 9, 7, 3, 1)
_RATE_DIGITS = Decimal("0.000001")
_EXACT = Context(prec=60)
_WEEK = 7


def conversion_rate(books: Books, params: Params) -> Response:
    """The rate of a day, by default today's; rates differ a little from day to day."""
    query = params.query
    for name in ("from", "to"):
        if dialect.choice_of(query, name, "Currency") is None:
            raise invalid({name: f"The {name} field is required."})
    source, target = query["from"], query["to"]
    if not {source, target} <= seeds.FORINTS.keys():
        raise Refusal(404, "Conversion rate not found.")
    day = dialect.date_of(query, "date") or books.today()
    rate = quantized(_EXACT.divide(_forints(source, day), _forints(target, day)), _RATE_DIGITS)
    return dialect.answer(
        {"from_currency": source, "to_currency": target, "conversation_rate": number_of(rate), "date": day.isoformat()}
    )


def organization(books: Books, _params: Params) -> Response:
    """The account: its tax number and what it has subscribed to, no name and no address."""
    features = ["subscription_pro", "api_limit_basic"]
    if books.switches.growing_enums:
        features.append(views.NEVER_SEEN)
    subscription = {"expiration_date": f"{books.today().year}-12-31", "features": features}
    connected = books.switches.nav_connected
    return dialect.answer({"tax_code": seeds.TAX_CODE, "subscription": subscription, "has_nav_connection": connected})


def check_tax_number(books: Books, params: Params) -> Response:
    """What NAV says of a tax number: the books' own taxpayers are known, others are wrong or do not exist; all 200."""
    number = params.text
    if not _TAX_NUMBER.fullmatch(number):
        raise invalid({"tax_number": "The tax number format is invalid."})
    client = next((client for client in books.clients if client.written["taxcode"] == number), None)
    if client is None:
        digits = map(int, number[: len(_TAX_WEIGHTS)])
        right = sum(digit * weight for digit, weight in zip(digits, _TAX_WEIGHTS, strict=True)) % 10 == 0
        result = "non_exist_tax_number" if right else "invalid_tax_number"
        return dialect.answer({"tax_number": number, "result": result})
    name: str = client.written["name"]
    address = views.partner_of(books, client)["address"]
    shown: JsonObject = {
        "type": "HQ",
        "country_code": address["country_code"],
        "region": None,
        "postal_code": address["post_code"],
        "city": address["city"],
        "street_name": address["address"],
        "public_place_category": "utca",
    }
    shown |= dict.fromkeys(("number", "building", "staircase", "floor", "door", "lot_number"))
    taxpayer = {"taxpayer_name": name, "taxpayer_short_name": name, "addresses": [shown]}
    return dialect.answer({"tax_number": number, "result": "validation_ok", **taxpayer})


def convert_legacy_id(books: Books, params: Params) -> Response:
    """The id that v3 has for what v2 knows under another."""
    for table in (books.invoices, books.clients, books.products, books.bank_accounts, books.blocks):
        if params.uid in table:
            return dialect.answer({"id": table.id_of(params.uid), "legacy_id": params.uid})
    raise Refusal(404, "Not found.")


def time_(books: Books, _params: Params) -> Response:
    """The server's time in four spellings."""
    now = books.now()
    return dialect.answer(
        {
            "epoch": int(books.at),
            "formatted": books.timestamp(),
            "w3c": now.isoformat(timespec="seconds"),
            "timezone": str(now.tzinfo),
        }
    )


def _forints(currency: str, day: date) -> Decimal:
    base = seeds.FORINTS[currency]
    return base if currency == "HUF" else base * (1000 + day.toordinal() % _WEEK) / 1000
