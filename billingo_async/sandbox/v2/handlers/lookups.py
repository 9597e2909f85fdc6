"""What can only be looked up: payment methods, VAT rates, exchange rates, the account, the time; nothing changes here.

Sources: API docs, Payment methods, VAT, Currency, User, Authentication (time). Where an address lies is not looked
up anywhere: the blocks that are reserved for documentation stand for three countries, every other address for Hungary.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from ipaddress import ip_address, ip_network

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import Rate, number_of, too_long
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Refusal, Response
from billingo_async.sandbox.v2 import dialect

_WIDE = Context(prec=120)
_CONVERTED = Context(prec=14)  # the documented sample has 14 digits
_NETWORKS = {"192.0.2.0/24": "AT", "198.51.100.0/24": "DE", "203.0.113.0/24": "SK"}
_HOME = "HU"
_ALIASES = {"GR": "EL"}


def payment_methods(_books: Books, params: Params) -> Response:
    """All payment methods in one language; ids and flags are strings."""
    language = params.text
    if language not in seeds.LANGUAGES:
        known = ", ".join(seeds.LANGUAGES)
        raise Refusal(404, f"There are no payment methods in the language {language}, only in {known}")
    methods = (method.id for method in seeds.PAYMENT_METHODS.values() if method.listed)
    entries = (dialect.entry(str(id), dialect.payment_method(id, language) | {"id": str(id)}) for id in methods)
    return dialect.listed("payment_methods", entries)


def expense_categories(_books: Books, params: Params) -> Response:
    """The categories of expenses, in Hungarian; there is no other language."""
    if params.text != "hu":
        raise Refusal(404, f"There are no expense categories in the language {params.text}, only in hu")
    names = {str(id): name for id, name in seeds.EXPENSE_CATEGORIES.items()}
    entries = (dialect.entry(id, {"id": id, "lang_code": "hu", "name": name}) for id, name in names.items())
    return dialect.listed("expense_categories", entries)


def vat_rates(_books: Books, params: Params) -> Response:
    """The home VAT rates, all or those with the value `v` and the description `d`."""
    value = _decimal(params.query, "v") if params.query.get("v") else None
    label = params.query.get("d") or None
    rates = (
        rate
        for rate in seeds.HOME_RATES
        if (value is None or rate.value == value) and (label is None or rate.label == label)
    )
    return dialect.listed("vat", map(_rate_entry, rates))


def eu_vat(_books: Books, params: Params) -> Response:
    """The VAT of a buyer's country."""
    country = _country(params.query, "country")
    _country(params.query, "business_country")
    home = _ip_country(params.query.get("ip", ""))
    code = params.query.get("vat_code", "")
    company = {"country_code": code[:2].upper(), "vat_number": code[2:], "name": f"Company {code}"}
    rate = seeds.VAT_RATES[1 if country == _HOME else seeds.EU_VAT_IDS[country]]
    return dialect.done(
        data={
            "set_country": params.query["country"].upper(),
            "ip_country": home,
            "country_match": country == home,
            "company": company if code else None,
            "tax_rate": number_of(rate.value),
            "billingo_vat": dialect.vat_entry(rate),
        }
    )


def convert(_books: Books, params: Params) -> Response:
    """An amount in another currency, to 14 digits."""
    rates: list[Decimal] = []
    for name in ("from", "to"):
        currency = params.query.get(name, "")
        if currency not in seeds.FORINTS:
            raise Refusal(400, f"{name}: there is no rate for the currency {currency[:3]!r}")
        rates.append(seeds.FORINTS[currency])
    forints = _WIDE.multiply(_decimal(params.query, "value"), rates[0])
    converted = _CONVERTED.plus(_WIDE.divide(forints, rates[1]))
    return dialect.done(data={"value": number_of(converted)})


def is_sandbox(_books: Books, _params: Params) -> Response:
    """Yes, it is."""
    return dialect.single("user", {"is_sandbox": True})


def tax_code(_books: Books, _params: Params) -> Response:
    """The account holder's tax code."""
    return dialect.single("user", {"tax_code": seeds.TAX_CODE})


def time_(books: Books, params: Params) -> Response:
    """Unix time in whole seconds: bare text, or with `type=json` an object, whose shape is not documented."""
    seconds = int(books.at)
    if params.query.get("type") == "json":
        return dialect.answer({"time": seconds})
    return Response(200, str(seconds).encode(), (("Content-Type", "text/plain; charset=utf-8"),))


def _rate_entry(rate: Rate) -> JsonObject:
    uid = str(rate.id)
    shown: JsonObject = {"id": uid, "value": str(rate.value), "description": rate.label, "info_text": rate.info}
    return dialect.entry(uid, shown)


def _decimal(query: Mapping[str, str], name: str) -> Decimal:
    text = query.get(name, "")
    try:
        value = Decimal(text if text.isascii() else "")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or too_long(value):
        raise Refusal(400, f"{name} must be a number")
    return value


def _country(query: Mapping[str, str], name: str) -> str:
    code = query.get(name, "").upper()
    country = _ALIASES.get(code, code)
    if country not in seeds.EU_VAT_IDS:
        raise Refusal(400, f"{name} must be the ISO 3166 code of a member state of the EU")
    return country


def _ip_country(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        if text:
            raise Refusal(400, "ip must be an IP address") from None
        return _HOME
    return next((country for network, country in _NETWORKS.items() if address in ip_network(network)), _HOME)
