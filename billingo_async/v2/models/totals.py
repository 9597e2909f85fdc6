"""What an invoice comes to, reckoned before it is made: exact, and by the same rules as the server's.

1. A net-priced row: net = quantity x net unit price, VAT = net x rate, gross = net + VAT; nothing is rounded.
2. A gross-priced row: gross = quantity x gross unit price, exactly; net = gross / (1 + rate), rounded half up to three
   decimals, as the API shows them; VAT = gross - net.
3. VAT is summed per VAT id: 0 % is written for several reasons, which a bookkeeper keeps apart.
4. The total is the sum of the gross rows, rounded half up (away from zero) to a multiple of `round_to`.

Never enters here: models. It is handed plain rows, and no decimal context of the caller's has a say.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EXACT = Context(prec=400)  # the product of three numbers of 80 digits, and sums of thousands of them
_THOUSANDTH = Decimal("0.001")


class CountedRow(NamedTuple):
    """A row as it counts: how many, at which price for one, with VAT in it or not."""

    vat_id: int
    qty: Decimal
    unit_price: Decimal
    is_gross: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to, in its own currency, exact to the last digit.

    Attributes:
        net: The sum of the rows without VAT.
        vat: The VAT per VAT id, in the order of the rows.
        gross: The sum of the rows with VAT, before any rounding.
        rounding: What `round_to` adds to it, or takes away.
        total: What is to be paid: gross and rounding.

    """

    net: Decimal
    vat: Mapping[int, Decimal]
    gross: Decimal
    rounding: Decimal
    total: Decimal


def totals_of(rows: Iterable[CountedRow], vat_rates: Mapping[int, Decimal | int], round_to: int) -> Totals:
    """Sum the rows.

    Raises `ValueError` for a VAT id whose rate is missing and for a rate that is none.
    """
    net = gross = Decimal(0)
    vat: dict[int, Decimal] = {}
    for row in rows:
        rate = _rate(vat_rates, row.vat_id)
        row_net, row_gross = _sums(row, rate)
        net = _EXACT.add(net, row_net)
        gross = _EXACT.add(gross, row_gross)
        vat[row.vat_id] = _EXACT.add(vat.get(row.vat_id, Decimal(0)), _EXACT.subtract(row_gross, row_net))
    total = _rounded(gross, round_to)
    return Totals(net, vat, gross, _EXACT.subtract(total, gross), total)


def _rate(vat_rates: Mapping[int, Decimal | int], vat_id: int) -> Decimal:
    if vat_id not in vat_rates:
        raise ValueError(f"no rate is given for vat_id {vat_id}: vat_rates needs it, as a fraction (27 % is 0.27)")
    rate = vat_rates[vat_id]
    if isinstance(rate, bool) or not isinstance(rate, Decimal | int):
        raise ValueError(f'the rate of vat_id {vat_id} is a {type(rate).__name__}: use Decimal("0.27") or an int')  # noqa: TRY004 - one kind of error for every rate that is none
    rate = Decimal(rate)
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise ValueError(f"the rate of vat_id {vat_id} must be a fraction from 0 to 1 (27 % is 0.27)")
    return rate


def _sums(row: CountedRow, rate: Decimal) -> tuple[Decimal, Decimal]:
    amount = _EXACT.multiply(row.qty, row.unit_price)
    one_and_rate = _EXACT.add(Decimal(1), rate)
    if row.is_gross:
        return _EXACT.divide(amount, one_and_rate).quantize(_THOUSANDTH, ROUND_HALF_UP, context=_EXACT), amount
    return amount, _EXACT.multiply(amount, one_and_rate)


def _rounded(amount: Decimal, round_to: int) -> Decimal:
    if round_to == 0:
        return amount
    step = Decimal(round_to)
    return _EXACT.multiply(_EXACT.divide(amount, step).to_integral_value(ROUND_HALF_UP), step)
