"""A call's path cannot be bent by what fills it in, and neither path nor repr gives away what it should not."""

from __future__ import annotations

import enum
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingo_async import Language
from billingo_async.protocol.call import Decoder, Effect, Operation, Reply
from billingo_async.v2 import operations


class Number(enum.IntEnum):
    """An int that is not only an int."""

    FIVE = 5


BENT_IDS: list[Any] = [
    "", "42", "../x", "1/cancel", "1\n", "1%2f..", "٤٢", b"42", None, True, False, 0, -1, 1.0, 1.5, float("nan"),
    float("inf"), 10**400 * -1, Number.FIVE, [42], {"id": 42}, object(),
]  # fmt: skip
BENT_WORDS: list[Any] = ["", "h", "hun", "HU", "hu\n", "../", "h/", "hú", "??", b"hu", None, 5, 0, True, ["hu"]]


@pytest.mark.parametrize("bent", BENT_IDS, ids=range(len(BENT_IDS)))
def test_no_id_but_a_positive_int_gets_in(bent: Any) -> None:
    """The message names the operation and the argument."""
    with pytest.raises(ValueError, match=r"^invoices\.cancel: id must be a positive int, got |^Exceeds the limit"):
        operations.INVOICES_CANCEL.call(id=bent)


@pytest.mark.parametrize("bent", BENT_WORDS)
def test_no_word_but_two_letters_gets_in(bent: Any) -> None:
    """A language is two small ASCII letters, and a number is none."""
    with pytest.raises(ValueError, match=r"^payment_methods\.list: lang must be two small letters, such as 'hu', got "):
        operations.PAYMENT_METHODS_LIST.call(lang=bent)


@given(st.text())
def test_a_word_that_gets_in_is_the_whole_path(word: str) -> None:
    """A language either is refused or stands in the path just as it is, with no way out of it."""
    try:
        path = operations.EXPENSES_CATEGORIES.call(lang=word).path
    except ValueError:
        return
    assert path == f"/expenses/categories/{word}"
    assert len(word) == 2
    assert word.isascii()
    assert word.isalpha()


def test_good_parts_stand_in_the_path() -> None:
    """An id of any size and a language, plain or an enum's member."""
    assert operations.INVOICES_CANCEL.call(id=1938103373).path == "/invoices/1938103373/cancel"
    assert operations.PAYMENT_METHODS_LIST.call(lang="en").path == "/payment_methods/en"
    assert operations.PAYMENT_METHODS_LIST.call(lang=Language.GERMAN).path == "/payment_methods/de"


def test_query_is_escaped() -> None:
    """A value cannot become a parameter of its own."""
    call = operations.VAT_EU.call(query={"country": "DE", "vat_code": "a&b=c d/é"})
    assert call.query == "country=DE&vat_code=a%26b%3Dc+d%2F%C3%A9"
    assert operations.VAT_LIST.call(query={}).query == operations.VAT_LIST.call().query == ""


def test_repr_shows_neither_query_nor_body() -> None:
    """What may be somebody's data is not in the repr of a call or a reply."""
    call = operations.VAT_EU.call(query={"vat_code": "HU111111"}, body=b"Kov\xc3\xa1cs Kft.")
    reply = Reply(200, {"x-customer": "HU111111"}, b"Kov\xc3\xa1cs Kft.", tail=b"Kov")
    for shown in (repr(call), repr(reply)):
        assert "HU111111" not in shown
        assert "Kov" not in shown


@pytest.mark.parametrize(("status", "success"), [(199, False), (200, True), (204, True), (299, True), (300, False)])
def test_success_is_what_http_calls_so(status: int, success: bool) -> None:  # noqa: FBT001 - a column of the table
    """Two hundred and something, whatever the body says."""
    assert Reply(status, {}, b"").is_success is success


def test_what_cannot_be_read_is_not_called() -> None:
    """What reading takes is loaded before a call can be sent: afterwards it might be a legal invoice that cannot be."""

    class Broken(Decoder[None]):
        def prepare(self) -> None:
            raise ImportError("the package was replaced while the program ran")

    with pytest.raises(ImportError, match="was replaced"):
        Operation("invoices.cancel", "GET", "/invoices/{id}/cancel", Effect.ONCE, Broken()).call(id=42)


@pytest.mark.parametrize("row", operations.TABLE, ids=[f"{row.name}-{row.effect}" for row in operations.TABLE])
def test_every_row_is_ready_when_its_call_is_made(row: Operation[Any]) -> None:
    """No road is left to be built when the answer is there."""
    parts: dict[str, Any] = {part: {"id": 1, "lang": "hu"}[part] for part in re.findall(r"{(\w+)}", row.path)}
    row.call(**parts)
    assert ("_adapter" in vars(row.decoder)) == hasattr(type(row.decoder), "_adapter")
