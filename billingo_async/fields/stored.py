"""How a model that was read is written down, in short and to the last digit, and read again.

Whatever a server may have answered can be written down.

Never enters here: where it is kept; that is the journal.
"""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from billingo_async.fields.exact import is_array, is_object, to_json
from billingo_async.fields.reading import ReadModel, read_json

M = TypeVar("M", bound=ReadModel)


def dump_model(model: ReadModel, left_out: frozenset[str] = frozenset()) -> str:
    """Return a model as JSON: half a character becomes a question mark, and what is too deep is left out."""
    others = model.model_extra or {}
    with suppress(ValueError, TypeError, RecursionError):
        if not _holds_amount(others):
            return model.model_dump_json(exclude=set(left_out), exclude_none=True)
        shown = model.model_dump(mode="json", exclude={*left_out, *others}, exclude_none=True)
        return to_json(shown | others).decode()
    documented = model.model_dump(mode="json", exclude={*left_out, *others}, exclude_none=True)
    return json.dumps(documented, ensure_ascii=False).encode(errors="replace").decode()


def load_model(kind: type[M], text: str) -> M:
    """Return the model that was kept."""
    model: M = read_json(_adapter(kind), text.encode())
    return model


@cache
def _adapter(kind: type[ReadModel]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _holds_amount(value: Any) -> bool:
    """Tell whether something undocumented holds an exact number, which pydantic would write as text."""
    if is_object(value):
        return any(map(_holds_amount, value.values()))
    return any(map(_holds_amount, value)) if is_array(value) else isinstance(value, Decimal)
