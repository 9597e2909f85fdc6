"""How numbers, days and addresses are written on paper.

Sums are written as a bookkeeper expects them, in the currency's smallest unit, rounded half up; unit prices and
quantities keep every digit, for the sums come from them. The books themselves round nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from billingo_async.sandbox.paper.document import Address


@dataclass(frozen=True, slots=True)
class Style:
    """One language's habits: what parts thousands, what parts decimals, how a day is written (strftime)."""

    thousands: str
    decimals: str
    day: str


_ENGLISH: Final = Style(",", ".", "%Y-%m-%d")
_STYLES: Final = {"hu": Style(" ", ",", "%Y.%m.%d."), "en": _ENGLISH, "de": Style(".", ",", "%d.%m.%Y")}
_WHOLE_CURRENCIES: Final = frozenset({"HUF", "JPY"})  # shown without decimals where a sum has none
CENTS: Final = 2
_WIDE: Final = Context(prec=500, rounding=ROUND_HALF_UP)  # the books have sums of thousands of numbers of 80 digits
_SIGNS: Final = {"HUF": "Ft", "EUR": "€"}
_HUNGARY: Final = frozenset({"magyarország", "hungary", "ungarn", "hu"})


def style_for(language: str) -> Style:
    """The habits of a language; the English ones where the paper does not speak it."""
    return _STYLES.get(language, _ENGLISH)


def places_of(values: Iterable[Decimal], currency: str = "HUF") -> int:
    """How many decimals a column of sums has: two, but none for whole forints."""
    is_whole = currency in _WHOLE_CURRENCIES and not any(map(_places, values))
    return 0 if is_whole else CENTS


def exact_places_of(values: Iterable[Decimal], currency: str = "HUF") -> int:
    """How many decimals a column of unit prices has, so that none of them is cut: at least as many as sums have."""
    prices = list(values)
    return max([places_of(prices, currency), *map(_places, prices)])


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def number(value: Decimal, style: Style, places: int | None = None) -> str:
    """A number with its thousands parted; rounded half up to `places` decimals, by default with all that it has."""
    shown = _places(value) if places is None else places
    plain = f"{_WIDE.quantize(value, Decimal(1).scaleb(-shown)):,f}"
    if plain.startswith("-") and not plain.strip("-0.,"):
        plain = plain.removeprefix("-")
    return plain.translate({ord(","): style.thousands, ord("."): style.decimals})


def money(value: Decimal, currency: str, style: Style, places: int | None = None) -> str:
    """A sum and its currency's sign or code: "12 345 Ft"; `places` as in `number`, else the currency's."""
    shown = places_of([value], currency) if places is None else places
    return f"{number(value, style, shown)} {_SIGNS.get(currency, currency)}"


def day(value: date, style: Style) -> str:
    """A day in the language's order of year, month and day."""
    return value.strftime(style.day)


def address_lines(address: Address) -> list[str]:
    """The address as an envelope has it: town first in Hungary, street first elsewhere; blank parts left out."""
    street = " ".join(filter(None, (address.street_name, address.street_type, _dotted(address.house_nr, address))))
    inner = (
        _suffixed(address.block, "ép."),
        _suffixed(address.entrance, "lph."),
        _suffixed(address.floor, "em."),
        _suffixed(address.door, "ajtó"),
    )
    if not _in_hungary(address):
        inner = (address.block, address.entrance, address.floor, address.door)
    street = ", ".join(filter(None, (street, " ".join(filter(None, inner)))))
    town = " ".join(filter(None, (address.postcode, address.city)))
    if address.district:
        town = f"{town}, {address.district}{' kerület' if _in_hungary(address) else ''}"
    lines = (town, street, address.country) if _in_hungary(address) else (street, town, address.country)
    return [line for line in lines if line]


def _in_hungary(address: Address) -> bool:
    return address.country.strip().lower() in _HUNGARY


def _dotted(house_nr: str, address: Address) -> str:
    """Hungarian house numbers are ordinals: "12" is written "12."."""
    return f"{house_nr}." if _in_hungary(address) and house_nr[-1:].isalnum() else house_nr


def _suffixed(part: str, suffix: str) -> str:
    """The floor "3" becomes "3. em."; a part that says more than a number or a letter ("fszt.") stays as it is."""
    bare = part.rstrip(".")
    if not bare:
        return ""
    if bare.isdigit():
        return f"{bare}. {suffix}"
    return f"{bare} {suffix}" if len(bare) == 1 else part
