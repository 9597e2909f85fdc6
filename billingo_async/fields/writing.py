"""Writing: the model that refuses, and the one road from it to the bytes of a request.

What a caller wrote is checked before it leaves: unknown fields, floats for money, ids that are none. What leaves is
spelled as the documentation spells it: numbers as JSON numbers, days as ISO text, flags and ids each as documented.

Never enters here: reading. What `edit()` carries over from there it is handed as plain values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Self, TypeAlias, TypeGuard, TypeVar

import simplejson
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import plain, unchecked

KEPT_BY_SERVER = frozenset({"id", "uid", "created_at", "updated_at", "deleted", "deleted_at", "archived_at"})
"""What the server alone decides: an edited model never says it."""

WIDEST = 400
"""No number in a request is longer: one with a huge exponent would fill the memory with zeros."""

Spelling: TypeAlias = Mapping[str, Callable[[Any], object]]


class WrittenModel(BaseModel):
    """What a caller writes: frozen, strict, and silent about personal data when printed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True, protected_namespaces=()
    )

    shown: ClassVar[tuple[str, ...]] = ()
    """The fields that `repr` and `str` show, where they are told."""

    always: ClassVar[frozenset[str]] = frozenset()
    """The fields with a default that are sent even if the caller left them alone, because the API requires them."""

    spelling: ClassVar[Spelling] = {}
    """How the API documents a field where it is not the ordinary way."""

    absent_if_empty: ClassVar[frozenset[str]] = frozenset()
    """The fields for which the server answers empty text where it would not take any: `edit` leaves them out."""

    _carried: dict[str, object] = PrivateAttr(default_factory=dict[str, object])

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, given: object) -> object:
        # pydantic's own words, "Extra inputs are not permitted", do not say what was probably meant.
        unknown = [str(name) for name in given if name not in cls.model_fields] if _is_object(given) else []
        if unknown:
            raise ValidationError.from_exception_data(
                cls.__name__, [_unknown_field(cls, name) for name in unknown], hide_input=True
            )
        return given

    def to_wire(self) -> dict[str, object]:
        """Return the body of the request: what `to_json` can write, spelled as documented.

        A field that was not given is left out, unless the API requires it; a field set to None is written as null.
        Raises `ValueError` for a model that lacks a required field, as only `model_construct` makes them.
        """
        wire: dict[str, object] = dict(self._carried)
        given, always, own = self.model_fields_set, self.always, self.spelling
        for name, field in type(self).model_fields.items():
            if name in given or name in always:
                wire[name] = spelled(getattr(self, name), own.get(name))
            elif field.is_required():  # made by `model_construct`, which checks nothing
                raise ValueError(f"{type(self).__name__}.{name} is missing")
        return wire

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with the fields of `update` changed, each checked as the constructor checks it.

        What is not changed was checked before. Raises `ValidationError` for a name that the model does not have and for
        a value that it refuses.
        """
        copy = super().model_copy(deep=deep)
        if not update:
            return copy
        kept = {name: getattr(copy, name) for name in copy.model_fields_set - update.keys()}
        fresh = type(self).model_validate({**kept, **update}, context=unchecked(kept))
        return fresh.carrying(copy._carried)  # noqa: SLF001 - of this very model

    def carrying(self, fields: Mapping[str, object]) -> Self:
        """Return this fresh model with fields beside its own, which nobody documented and the server sent."""
        self._carried.update(fields)
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Name what may be seen in a log, and nothing else."""
        for name in self.shown:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def __str__(self) -> str:
        """Read like `repr`: it may end in a log as easily."""
        return repr(self)


ORDINARY: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Decimal, plain),
    (Enum, lambda member: member.value),
    (date, date.isoformat),
    (tuple, lambda values: [spelled(each) for each in values]),
)
"""How a value of each kind is spelled where the API documents nothing else."""

AS_IT_IS: frozenset[type] = frozenset({str, int, bool, type(None)})
"""What most fields hold, and JSON has of its own; what is derived of them, such as an enum's member, is not meant."""

W = TypeVar("W", bound=WrittenModel)


def spelled(value: object, own: Callable[[Any], object] | None = None) -> object:
    """Return a field's value as it goes on the wire."""
    if own is not None and value is not None:
        return own(value)
    if type(value) in AS_IT_IS:
        return value
    for kind, spell in ORDINARY:
        if isinstance(value, kind):
            return spell(value)
    to_wire = getattr(value, "to_wire", None)
    return value if to_wire is None else to_wire()


def edited(read: ReadModel, written: type[W], changes: Mapping[str, object]) -> W:
    """Return the written model that says what was read, with the changes; see `edit` of the models.

    Raises `TypeError` for a change that the written model has no field for, `ValidationError` for one it refuses.
    """
    for name in changes:
        if name not in written.model_fields:
            raise TypeError(unknown_name(written.__name__, name, written.model_fields))
    told = _told(read, written)
    unknown = {
        name: exact(value)
        for name, value in (read.model_extra or {}).items()
        if name not in KEPT_BY_SERVER and name not in written.model_fields
    }
    return written.model_validate({**told, **changes}, context=unchecked(told.keys() - changes.keys())).carrying(
        unknown
    )


def _told(read: ReadModel, written: type[WrittenModel]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name in written.model_fields.keys() & type(read).model_fields.keys():
        value = getattr(read, name)
        if value is not None and not (value == "" and name in written.absent_if_empty):
            told[name] = value
    return told


def unknown_name(owner: str, name: str, known: Iterable[str]) -> str:
    """Return the message about a name that does not exist, with the one that was probably meant, or all there are."""
    from difflib import get_close_matches  # noqa: PLC0415 - loaded by those who mistype

    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else f"; its fields are {', '.join(names)}"
    return f"{owner} has no field {name!r}{hint}"


def _unknown_field(owner: type[WrittenModel], name: str) -> InitErrorDetails:
    message = {"message": unknown_name(owner.__name__, name, owner.model_fields)}
    return InitErrorDetails(type=PydanticCustomError("extra_forbidden", "{message}", message), loc=(name,), input=None)


def exact(value: Any) -> Any:
    """Return JSON that was read as it is to be written: floats as the Decimals that they were spelled as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if _is_object(value):
        return {key: exact(each) for key, each in value.items()}
    if _is_rows(value):
        return [exact(each) for each in value]
    return value


def to_json(data: object) -> bytes:
    """Return JSON as the API takes it: compact, UTF-8, every Decimal an exact number without an exponent.

    Raises `TypeError` naming the place of a float or of anything else that is no JSON, `ValueError` for a number that
    is not finite, for text that is no Unicode, and for what is nested too deeply or holds itself.
    """
    try:
        text = simplejson.dumps(_writable(data, "$"), use_decimal=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        trouble = "a text holds half a character (a lone surrogate), which UTF-8 cannot write"
    except RecursionError:
        trouble = "the JSON is nested too deeply, or a part of it holds itself"
    raise ValueError(trouble)


def _writable(value: Any, path: str) -> object:
    if type(value) in AS_IT_IS or isinstance(value, (str, int)):
        return value
    if isinstance(value, Decimal):
        return _number(value, path)
    if _is_object(value):
        return {_key(key, path): _writable(each, f"{path}.{key}") for key, each in value.items()}
    if _is_rows(value):
        return [_writable(each, f"{path}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, float):
        raise TypeError(f"{path} is a float, which has lost digits already; use a Decimal or an int")
    raise TypeError(f"{path} is a {type(value).__name__}, which JSON cannot hold")


def _number(value: Decimal, path: str) -> object:
    if not value.is_finite():
        raise ValueError(f"{path} is no finite number")
    if abs(value.adjusted()) > WIDEST:
        raise ValueError(f"{path} has more than {WIDEST} digits")
    return value if "E" not in str(value) else simplejson.RawJSON(format(value, "f"))


def _is_object(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, (dict, Mapping))  # asking for a Mapping alone is slow


def _is_rows(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path} has a key that is a {type(key).__name__}, not text")
    return key
