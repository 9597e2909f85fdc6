"""How a documented payload is compared with the model that was read from it, and with the one that writes it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

from billingo_async.fields.reading import ReadModel

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING: tuple[object, ...] = (None, "", [], "0000-00-00", "0000-00-00 00:00:00", "-0001-11-30 00:00:00")


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether JSON is an object."""
    return isinstance(value, dict)


def is_rows(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether JSON is an array, or a field holds what an array was read into."""
    return isinstance(value, list | tuple)


def assert_tells(value: Any, raw: Any, path: str) -> None:
    """The value of a field says what the raw JSON says, nothing more and nothing less."""
    if value is None:
        assert raw in NOTHING, path
    elif isinstance(value, ReadModel):
        assert is_object(raw), path
        assert_all_told(value, raw, path)
    elif is_rows(value):
        assert is_rows(raw), path
        for index, (each, raw_each) in enumerate(zip(value, raw, strict=True)):
            assert_tells(each, raw_each, f"{path}[{index}]")
    elif isinstance(value, bool):
        assert raw in ((True, 1, "1") if value else (False, 0, "0")), path
    elif isinstance(value, Decimal):
        assert value == Decimal(str(raw)), path
    elif isinstance(value, int):
        assert str(value) == str(raw), path
    elif isinstance(value, datetime):
        assert value.isoformat(" ") == raw, path
    elif isinstance(value, date):
        assert value.isoformat() == raw, path
    else:
        assert value == raw, path


def assert_all_told(model: ReadModel, raw: dict[str, Any], path: str = "$") -> None:
    """Each key of the raw object is a field of the model, documented, and says the same."""
    assert not model.model_extra, f"{path}: not documented: {sorted(model.model_extra or {})}"
    assert model.model_fields_set == raw.keys(), path
    for name, value in raw.items():
        assert_tells(getattr(model, name), value, f"{path}.{name}")


def types(value: Any) -> object:
    """The JSON types of a document, in its shape."""
    if is_object(value):
        return {key: types(each) for key, each in value.items()}
    if is_rows(value):
        return [types(each) for each in value]
    if isinstance(value, bool) or value is None:
        return value
    return "text" if isinstance(value, str) else "number"
