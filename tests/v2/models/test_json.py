"""What goes on the wire: compact JSON with exact, plain numbers, and the place of whatever is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.writing import plain
from billingo_async.v2.models import NewItem


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("3500.10", b"3500.1"),
        ("1E+3", b"1000"),
        ("0.00", b"0"),
        ("-0", b"0"),
        ("1E-9", b"0.000000001"),
        ("-1.50", b"-1.5"),
    ],
)
def test_a_number_goes_out_plain(written: str, sent: bytes) -> None:
    """No trailing zeros, no exponent, a JSON number."""
    assert to_json({"a": plain(Decimal(written))}) == b'{"a":' + sent + b"}"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**28), max_value=10**28, places=12))
def test_a_number_is_never_rounded(amount: Decimal) -> None:
    """Whatever the caller's decimal context, the number on the wire is the caller's."""
    with localcontext(prec=3):
        item = NewItem(description="A", vat_id=1, qty=1, unit="pc", net_unit_price=amount)
        body = to_json(item.to_payload())
    assert exact_json(body)["net_unit_price"] == amount
    assert b"e" not in body.split(b'"net_unit_price":')[1].lower()


@pytest.mark.parametrize(
    ("data", "error", "place"),
    [
        ({"a": [1, {"b": 0.1}]}, TypeError, r"\$\.a\[1\]\.b is a float"),
        ({"a": date(2015, 1, 1)}, TypeError, r"\$\.a is a date"),
        ({1: "a"}, TypeError, "key"),
        ({"a": Decimal("NaN")}, ValueError, r"\$\.a"),
        ({"a": Decimal("1e1000000000")}, ValueError, r"\$\.a"),
        ({"a": "\ud800"}, ValueError, "surrogate"),
    ],
    ids=["float", "date", "key", "nan", "huge", "surrogate"],
)
def test_what_is_no_json_is_refused_by_its_place(data: object, error: type[Exception], place: str) -> None:
    """The message names the place, never the value."""
    with pytest.raises(error, match=place):
        to_json(data)


def test_a_number_of_a_callers_own_keeps_its_digits() -> None:
    """A small number in a body that the caller wrote has no exponent either."""
    assert to_json([Decimal("1E-9"), Decimal("1E+2")]) == b"[0.000000001,100]"
