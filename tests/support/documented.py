"""What a documented call is: what goes in, what must leave, what comes back and how it must read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from billingo_async import Billingo, EuVat, PaymentState


@dataclass(frozen=True)
class Documented:
    """One method: what it is called with, what must leave, what comes back and what that must be read as."""

    call: Callable[[Billingo], Awaitable[Any]]
    method: str
    target: str
    """The path below the base URL, with the query."""
    answer: str | dict[str, Any] | bytes
    """The name of a sample, or the JSON or the bytes of the answer."""
    result: Callable[[Any], object]
    """What the result is asked for…"""
    expected: object
    """… and what it must say."""
    body: str | dict[str, Any] | None = None
    """The name of the sample that must be sent, or its JSON."""


def ids_of(kind: type[Any]) -> Callable[[Any], object]:
    """Ask for the ids of rows of this kind, in their order."""

    def ask(rows: Any) -> object:
        assert {type(row) for row in rows} == {kind}
        return [row.id for row in rows]

    return ask


def id_of(kind: type[Any]) -> Callable[[Any], object]:
    """Ask for the id of a thing of this kind."""

    def ask(row: Any) -> object:
        assert type(row) is kind
        return row.id

    return ask


def itself(result: Any) -> object:
    """Ask for nothing but the result itself."""
    return result


def state(state: PaymentState) -> object:
    """Ask for what a payment left open."""
    return (type(state), state.fully_paid, state.outstanding)


def eu_vat(vat: EuVat) -> object:
    """Ask for the rate of a sale across a border."""
    assert vat.billingo_vat is not None
    return (type(vat), vat.tax_rate, vat.billingo_vat.id)
