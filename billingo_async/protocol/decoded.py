"""What an answer's bytes hold as plain JSON, before anybody asks what it means.

Numbers are exact (`int`, `Decimal`). Never enters here: the envelope, a model, an error of the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from billingo_async.fields.reading import exact_json

if TYPE_CHECKING:
    from decimal import Decimal

    from billingo_async.protocol.call import Reply

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
"""Decoded JSON, numbers exact: what `Billingo.request` returns."""


def is_object(said: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a decoded value is a JSON object."""
    return isinstance(said, dict)


def is_array(said: object) -> TypeGuard[list[Any]]:
    """Tell whether a decoded value is a JSON array."""
    return isinstance(said, list)


def object_in(reply: Reply) -> dict[str, Any] | None:
    """Return the JSON object that is the body of an answer; None if it is anything else."""
    try:
        said = exact_json(reply.body)
    except ValueError:
        return None
    return said if is_object(said) else None
