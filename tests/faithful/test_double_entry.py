"""Two statements of the API and the face that calls it: none has a row that the others do not."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from billingo_async import Billingo
from billingo_async.noun import Noun
from billingo_async.sandbox.v2.routes import ROUTES
from billingo_async.v2.operations import PDF_LIMIT, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLED_DIFFERENTLY = {"time": "server_time"}
"""The operation that belongs to no noun, and the method of `Billingo` that calls it."""
DOWNLOADS = {"invoices.download_many", "invoices.download_stream", "invoices.download_to"}
MADE_OF_OTHERS = DOWNLOADS | {"invoices.access_url", "invoices.create_many", "invoices.find"}
"""Methods that are no operation of their own: each calls one that is in the table."""


def _nouns() -> dict[str, Noun]:
    account = Billingo("public", "private key of 32 bytes or more..")
    return {name: value for name, value in inspect.getmembers(account) if isinstance(value, Noun)}


def _methods(noun: Noun) -> Iterator[str]:
    """Yield the public methods of a noun, whichever of its classes they stand in."""
    for name, value in inspect.getmembers(type(noun)):
        if not name.startswith("_") and callable(value):
            yield name


def test_every_row_is_served_as_it_stands_and_nothing_else_is() -> None:
    """The library's table and the sandbox's name the same operations, with the same methods and paths."""
    table = {(row.name, row.method, row.path if row.public else ROUTES.prefix + row.path) for row in TABLE}
    routes = [(route.operation, route.method, route.path.replace("{id?}", "{id}")) for route in ROUTES.rows]
    assert len(routes) == len(set(routes))
    assert set(routes) == table


def test_both_agree_on_what_is_limited_and_what_is_public() -> None:
    """The PDF limit and the token are stated twice, alike."""
    table = {row.name: (row.limit is PDF_LIMIT, row.public) for row in TABLE}
    routes = {route.operation: (route.limited, route.public) for route in ROUTES.rows}
    assert {name: routes[name] for name in table} == table


def test_what_takes_a_body_is_checked_by_a_schema() -> None:
    """The sandbox checks the body of each POST and PUT that has one: all but the two that only name a profile."""
    bare = {route.operation for route in ROUTES.rows if route.method in {"POST", "PUT"} and route.schema is None}
    assert bare == {"recurring.stop", "recurring.resume"}


async def test_every_row_has_a_method_on_the_face_and_every_method_a_row() -> None:
    """`billingo.<noun>.<verb>` is the operation `<noun>.<verb>`, but for what is named above."""
    face = {f"{noun}.{verb}" for noun, resource in _nouns().items() for verb in _methods(resource)}
    assert face >= MADE_OF_OTHERS
    assert face - MADE_OF_OTHERS == {row.name for row in TABLE} - CALLED_DIFFERENTLY.keys()
    for operation, method in CALLED_DIFFERENTLY.items():
        assert operation in {row.name for row in TABLE}
        assert callable(getattr(Billingo, method))


async def test_every_noun_is_annotated_on_the_face() -> None:
    """An editor completes each noun: the object's class says what the object holds."""
    annotated = [name for name in inspect.get_annotations(Billingo) if not name.startswith("_")]
    assert set(annotated) == set(_nouns())
