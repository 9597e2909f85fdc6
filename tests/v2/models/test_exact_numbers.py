"""Amounts of any length and spelling are read exactly, and what is no answer is a `ValueError`."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from billingo_async.fields.reading import read_json
from billingo_async.v2.models import Invoice

ROAD = TypeAdapter(Invoice)


def fraction(digits: int, exponent: int) -> Decimal:
    """The digits with a point among them or before them."""
    return Decimal(digits).scaleb(exponent)


EXACT = st.builds(fraction, st.integers(-(10**28), 10**28), st.integers(-28, 0))


@given(EXACT, st.sampled_from(["f", "e", "E"]))
@example(Decimal("1234567890123456.7"), "f")
@example(Decimal("0.1000000000000000000000000001"), "f")
@example(Decimal(1234567890123456), "e")
@example(Decimal("1e-400"), "e")
def test_no_amount_ever_loses_a_digit(amount: Decimal, number_format: str) -> None:
    """Numbers of any length, in every spelling that JSON has, are read exactly."""
    body = f'{{"total": {amount:{number_format}}, "items": [{{"qty": "{amount:{number_format}}"}}]}}'.encode()
    read = read_json(ROAD, body)
    assert read.total == amount
    assert read.items is not None
    assert read.items[0].qty == amount


@pytest.mark.parametrize("place", ['"a": %s', '"a": {"b": [1, %s]}', '"items": [{"a": %s}]', '"client": {"a": [[%s]]}'])
@pytest.mark.parametrize("literal", ["0.1234567890123456789012345678", "12345678901234567890.12", "1e-400"])
def test_no_number_that_nobody_documented_loses_a_digit(literal: str, place: str) -> None:
    """Wherever it stands: what `edit` writes back must be what was read."""
    assert f"Decimal('{Decimal(literal)}')" in str(read_json(ROAD, f"{{{place % literal}}}".encode()).model_dump())


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nothing", b"\xff\xfe", b'{"total": NaN}', b'{"total": Infinity}',
        b'{"total": 1e99999999999999999999}', b'{"total": "Infinity"}',
        b'{"total": 0.12345678901234567, "net_total": "many"}', b'{"total": 0.12345678901234567, "colour": NaN}',
        b'{"total": 0.5, "colour": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"total": 0.12345678901234567, "colour": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"total": ' + b"9" * 5000 + b".5}",
    ],
    ids=lambda body: f"{len(body)} {body[:30]!r}",
)  # fmt: skip
def test_what_is_no_answer_is_a_value_error(body: bytes) -> None:
    """Whatever the bytes are, nothing but a `ValueError` comes of them, or an exact amount."""
    try:
        read = read_json(ROAD, body)
    except ValueError:
        return
    assert read.total == Decimal(body[10:-1].decode())
