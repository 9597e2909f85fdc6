"""Writing: the model that refuses, and the one way from it to the body of a request.

What a caller wrote is checked before it leaves: unknown fields, floats for money, ids that are none. What leaves is
encoded as documented: numbers as JSON numbers, days as ISO text, flags and ids each as documented.

Never enters here: reading. What `edit()` carries over from there it is handed as plain values.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, cast

from pydantic import ConfigDict, PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from billingo_async.fields.described import DescribedModel
from billingo_async.fields.exact import PLAIN_TYPES, without_floats
from billingo_async.fields.reading import ReadModel

KEPT_BY_SERVER = frozenset({"id", "uid", "created_at", "updated_at", "deleted", "deleted_at", "archived_at"})
"""What the server alone decides: an edited model never says it."""


Encoders: TypeAlias = Mapping[str, Callable[[Any], object]]


class WrittenModel(DescribedModel):
    """What a caller writes: frozen, strict, and silent about personal data when printed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    always: ClassVar[frozenset[str]] = frozenset()
    """The fields with a default that are sent even if the caller left them alone, because the API requires them."""

    encoders: ClassVar[Encoders] = {}
    """How the API documents a field where it is not the ordinary way."""

    nullable: ClassVar[frozenset[str]] = frozenset()
    """The fields for which the API takes null: None is written so there, and means "left out" everywhere else."""

    absent_if_empty: ClassVar[frozenset[str]] = frozenset()
    """The fields for which the server answers empty text where it would not take any: `edit` leaves them out."""

    instead: ClassVar[Mapping[str, str]] = {}
    """What to write in the place of a name that is only read, or that the other API uses."""

    _carried: dict[str, object] = PrivateAttr(default_factory=dict[str, object])

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, given: object) -> object:
        # pydantic's own words, "Extra inputs are not permitted", do not say what was probably meant.
        unknown = [_unknown_field(cls, name) for name in _names_in(given) if name not in cls.model_fields]
        if unknown:
            raise ValidationError.from_exception_data(cls.__name__, unknown, hide_input=True)
        return given

    def to_payload(self) -> dict[str, object]:
        """Return the body of the request: what `to_json` can write, encoded as documented.

        A field that was not given, or is None, is left out, unless the API requires it or takes null for it.
        Raises `ValueError` for a model that lacks a required field, as only `model_construct` makes them.
        """
        payload: dict[str, object] = dict(self._carried)
        given, always, own = self.model_fields_set, self.always, self.encoders
        for name, field in type(self).model_fields.items():
            if name in given or name in always:
                value = getattr(self, name)
                if value is not None or name in self.nullable:
                    payload[name] = encode_value(value, own.get(name))
            elif field.is_required():  # made by `model_construct`, which checks nothing
                raise ValueError(f"{type(self).__name__}.{name} is missing")
        return payload

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with the fields of `update` changed, each checked as the constructor checks it.

        What is not changed was checked before. Raises `ValidationError` for a name that the model does not have and for
        a value that it refuses.
        """
        copy = super().model_copy(deep=deep)
        if not update:
            return copy
        unchanged = {name: getattr(copy, name) for name in copy.model_fields_set - update.keys()}
        fresh = type(self).model_validate({**unchanged, **update}, context=frozenset(unchanged))
        return fresh.carrying(copy._carried)  # noqa: SLF001 - of this very model

    def carrying(self, fields: Mapping[str, object]) -> Self:
        """Return this fresh model with fields beside its own, which the server sent and the API does not document."""
        self._carried.update(fields)
        return self


def plain(value: Decimal) -> Decimal:
    """Return the same number without trailing zeros and a needless exponent; no digit is lost, whatever the context."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal("0" if text == "-0" else text)


def canonical_json(payload: object) -> str:
    """Return a request as JSON in which equal requests read alike, whatever the order of their fields."""
    return _CANONICAL.encode(payload)


def _number(value: object) -> str:
    """Return a number so that equal ones are spelled alike, whatever the decimal context; to the last digit."""
    if isinstance(value, Decimal):
        return f"{plain(value):f}"
    raise TypeError(f"a {type(value).__name__} is no part of a request")


_CANONICAL = json.JSONEncoder(sort_keys=True, default=_number)

ENCODERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Decimal, plain),
    (Enum, lambda member: member.value),
    (date, date.isoformat),
    (tuple, lambda values: [encode_value(each) for each in values]),
)
"""How a value of each kind is encoded where the API documents nothing else."""

W = TypeVar("W", bound=WrittenModel)


def encode_value(value: object, own: Callable[[Any], object] | None = None) -> object:
    """Return a field's value as it goes on the wire."""
    if own is not None and value is not None:
        return own(value)
    if type(value) in PLAIN_TYPES:
        return value
    for kind, encode in ENCODERS:
        if isinstance(value, kind):
            return encode(value)
    to_payload = getattr(value, "to_payload", None)
    return value if to_payload is None else to_payload()


def edited(
    read: ReadModel, written: type[W], changes: Mapping[str, object], renamed: Mapping[str, object] | None = None
) -> W:
    """Return the written model that says what was read, with the changes; see `edit` of the models.

    `renamed` holds what was read under another name than it is written by.
    Raises `TypeError` for a change that the written model has no field for, `ValidationError` for one it refuses.
    """
    for name in changes:
        if name not in written.model_fields:
            raise TypeError(_no_such_field(written, name))
    known = _known_fields(read, written)
    known |= {name: value for name, value in (renamed or {}).items() if value is not None}
    unknown = {
        name: without_floats(value)
        for name, value in (read.model_extra or {}).items()
        if name not in KEPT_BY_SERVER and name not in written.model_fields
    }
    new = written.model_validate({**known, **changes}, context=frozenset(known.keys() - changes.keys()))
    return new.carrying(unknown)


def _known_fields(read: ReadModel, written: type[WrittenModel]) -> dict[str, object]:
    known: dict[str, object] = {}
    for name in written.model_fields.keys() & type(read).model_fields.keys():
        value = getattr(read, name)
        if value is not None and not (value == "" and name in written.absent_if_empty):
            known[name] = value
    return known


def unknown_name(owner: str, name: str, known: Iterable[str]) -> str:
    """Return the message about a name that does not exist, with the one that was probably meant, or all there are."""
    from difflib import get_close_matches  # noqa: PLC0415 - loaded for a name that was mistyped

    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else f"; its fields are {', '.join(names)}"
    return f"{owner} has no field {name!r}{hint}"


def _no_such_field(owner: type[WrittenModel], name: str) -> str:
    if hint := owner.instead.get(name):
        return f"{owner.__name__} has no field {name!r}: {hint}"
    return unknown_name(owner.__name__, name, owner.model_fields)


def _names_in(given: object) -> list[str]:
    return [str(name) for name in cast("Mapping[object, object]", given)] if isinstance(given, Mapping) else []


def _unknown_field(owner: type[WrittenModel], name: str) -> InitErrorDetails:
    message = {"message": _no_such_field(owner, name)}
    return InitErrorDetails(type=PydanticCustomError("extra_forbidden", "{message}", message), loc=(name,), input=None)


def check_model(new: object, kind: type[W]) -> W:
    """Return a written model; raise `TypeError` if it is not the `kind` that the call takes."""
    if isinstance(new, kind):
        return new
    raise TypeError(f"a {kind.__name__} is needed here, got {type(new).__name__}")
