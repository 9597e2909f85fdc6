"""Sums, exactly: rows, VAT per rate, totals and their rounding; no document and no wire enters here.

The rules, in full:

1. A net-priced row: net = quantity x net unit price, VAT = net x rate, gross = net + VAT. Nothing is rounded.
2. A gross-priced row: gross = quantity x gross unit price, exactly. Net = gross / (1 + rate), rounded half up to three
   decimals, which is what the API's lists show; VAT = gross - net, so that gross stays what was written. The net
   unit price that is answered is gross unit price / (1 + rate), rounded the same way; no sum is built on it.
3. VAT is summed per VAT id, for 0 % is written for several reasons that must not be mixed.
4. Total = the sum of all gross rows, rounded half up (away from zero) to a multiple of `round_to`; 0 leaves it alone.
5. A cancelling invoice has every sum with its sign turned; nothing is computed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

MAX_DIGITS = 40
"""The most digits that a number may have on either side of its point; anything longer is refused, never cut."""

EXACT = Context(prec=400)
"""Enough for the product of three numbers of 80 digits and sums of thousands of them, whatever the caller's context."""
_THOUSANDTH = Decimal("0.001")
NOTHING = Decimal(0)
CENT = Decimal("0.01")
_WHOLE_CURRENCIES = frozenset({"HUF", "JPY"})
_CENTS = 2


@dataclass(frozen=True, slots=True)
class Rate:
    """A VAT rate as it is listed: 27 % is `value` 0.27 and `label` "27%"."""

    id: int
    value: Decimal
    label: str
    info: str | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Net, VAT and gross that belong together."""

    net: Decimal = NOTHING
    vat: Decimal = NOTHING
    gross: Decimal = NOTHING

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        add = EXACT.add
        return Sums(add(self.net, other.net), add(self.vat, other.vat), add(self.gross, other.gross))

    def turned(self) -> Sums:
        """The same with every sign turned."""
        return Sums(EXACT.minus(self.net), EXACT.minus(self.vat), EXACT.minus(self.gross))


@dataclass(frozen=True, slots=True)
class Totals:
    """What stands under an invoice: `rates` in the order in which they first appear, `total` = gross + rounding."""

    sums: Sums
    rates: tuple[tuple[Rate, Sums], ...]
    rounding: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """A row's price: what one unit costs, net, and what the row comes to."""

    net_unit_price: Decimal
    sums: Sums

    def rounded(self, digits: int) -> Price:
        """The same row with its net and gross rounded half up to so many decimals, and the VAT between them."""
        step = Decimal(1).scaleb(-digits)
        net, gross = quantized(self.sums.net, step), quantized(self.sums.gross, step)
        return Price(quantized(self.net_unit_price, step), Sums(net, EXACT.subtract(gross, net), gross))


def net_priced(qty: Decimal, unit_price: Decimal, rate: Rate) -> Price:
    """Price a row by its net unit price."""
    net = EXACT.multiply(qty, unit_price)
    vat = EXACT.multiply(net, rate.value)
    return Price(unit_price, Sums(net, vat, EXACT.add(net, vat)))


def gross_priced(qty: Decimal, unit_price: Decimal, rate: Rate) -> Price:
    """Price a row by its gross unit price."""
    gross = EXACT.multiply(qty, unit_price)
    net = _without_vat(gross, rate)
    return Price(_without_vat(unit_price, rate), Sums(net, EXACT.subtract(gross, net), gross))


def totals(rows: Sequence[tuple[Rate, Sums]], round_to: int) -> Totals:
    """Sum the rows and round what is to be paid."""
    per_rate: dict[int, tuple[Rate, Sums]] = {}
    everything = Sums()
    for rate, sums in rows:
        so_far = per_rate[rate.id][1] if rate.id in per_rate else Sums()
        per_rate[rate.id] = (rate, so_far.plus(sums))
        everything = everything.plus(sums)
    total = rounded(everything.gross, round_to)
    return Totals(everything, tuple(per_rate.values()), EXACT.subtract(total, everything.gross), total)


def rounded(amount: Decimal, round_to: int) -> Decimal:
    """An amount rounded half up, away from zero, to a multiple of 1, 5 or 10; 0 leaves it as it is."""
    if round_to == 0:
        return amount
    steps = EXACT.divide(amount, Decimal(round_to)).to_integral_value(ROUND_HALF_UP)
    return EXACT.multiply(steps, Decimal(round_to))


def quantized(amount: Decimal, step: Decimal) -> Decimal:
    """An amount rounded half up, away from zero, to the digits of `step`."""
    return amount.quantize(step, ROUND_HALF_UP, context=EXACT)


def places_of(values: Iterable[Decimal], currency: str) -> int:
    """How many decimals a column of sums is shown with: two, but none for whole forints and yen."""
    is_whole = currency in _WHOLE_CURRENCIES and not any(map(own_places, values))
    return 0 if is_whole else _CENTS


def own_places(value: Decimal) -> int:
    """How many decimals a number has that are no zeros at its end."""
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def written(value: Decimal, places: int) -> str:
    """A number as it is shown: thousands parted, rounded half up to so many decimals, nothing without a sign."""
    shown = quantized(value, Decimal(1).scaleb(-places))
    return f"{shown or abs(shown):,f}"


def number_of(value: Decimal) -> int | Decimal:
    """An amount as a JSON number: without decimals where it is whole, and never with an exponent."""
    integral = value.to_integral_value()
    return int(integral) if integral == value else Decimal(f"{value:f}".rstrip("0"))


def too_long(value: Decimal) -> bool:
    """Whether a number has more digits on one side of its point than the sandbox reckons with."""
    exponent = value.as_tuple().exponent
    return not isinstance(exponent, int) or exponent < -MAX_DIGITS or value.adjusted() >= MAX_DIGITS


def _without_vat(gross: Decimal, rate: Rate) -> Decimal:
    divisor = EXACT.add(Decimal(1), rate.value)
    return quantized(EXACT.divide(gross, divisor), _THOUSANDTH)
