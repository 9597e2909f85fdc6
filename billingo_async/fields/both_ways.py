"""Parts that are read and written alike: an address reads what the server sends, and refuses a caller's slip.

The server's answer is read as forgivingly as any (`reading`). The constructor is the caller's: there an unknown name,
a required field that is missing or empty, and a value that makes no sense are errors, at the very place of the slip.
What was read can be handed on as it is, with its undocumented fields.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeAlias, TypeVar, get_args

from pydantic import BeforeValidator, GetCoreSchemaHandler, ValidationInfo, create_model
from pydantic_core.core_schema import CoreSchema

from billingo_async.fields.exact import without_floats
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import is_unchecked, known
from billingo_async.fields.writing import Encoders, WrittenModel, encode_value, unknown_name


class TwoWay(ReadModel):
    """A part that serves both ways: forgiving when it is read from an answer, strict when a caller constructs it."""

    required: ClassVar[tuple[str, ...]] = ()
    """The fields without which the API refuses the part."""

    written_as: ClassVar[Mapping[str, Any]] = {}
    """The types by which a caller's values are checked where reading as forgivingly would let a slip pass.

    The fields themselves add what they tell: a known value is checked as a `Choice`, a part within the part as a part.
    """

    encoders: ClassVar[Encoders] = {}
    """How the API documents a field where it is not the ordinary way."""

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Add to `written_as` what the fields tell."""
        super().__pydantic_init_subclass__(**options)
        kinds: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            kind: object = next(iter(get_args(field.annotation)), None)
            if isinstance(kind, type) and issubclass(kind, Enum):
                kinds[name] = Annotated[object, known(kind, warns=True)]
            elif isinstance(kind, type) and issubclass(kind, TwoWay):
                kinds[name] = Annotated[kind, _Part()]
        cls.written_as = {**kinds, **cls.written_as}

    if not TYPE_CHECKING:  # type checkers read the fields instead, and know each by its name

        def __init__(self, /, *values: object, **given: object) -> None:
            """Check what a caller gives; answers are read past this."""
            owner = type(self)
            if values:
                example = ", ".join(f"{name}=…" for name in owner.required or list(owner.model_fields)[:1])
                raise TypeError(f"{owner.__name__} takes its fields by name: {owner.__name__}({example})")
            super().__init__(**checked(owner, given))
            refuse_misunderstood(self, given)
            refuse_missing(owner, given, owner.required)

        # pydantic's own mark for a constructor past which it may read: without it every address that is read would
        # come through here. A test sees to it that none does.
        __init__.__pydantic_base_init__ = True

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with the fields of `update` changed, each checked as the constructor checks it.

        Raises `ValueError` for a name that the part does not have and for a value that it refuses.
        """
        copy = super().model_copy(deep=deep)
        if not update:
            return copy
        owner = type(self)
        update = checked(owner, update)
        values = {name: getattr(copy, name) for name in copy.model_fields_set}
        changed = owner.model_validate({**values, **update})  # past the constructor: what was read may be incomplete
        refuse_misunderstood(changed, update)
        refuse_missing(owner, update, [name for name in owner.required if name in update])
        return changed

    def to_payload(self) -> dict[str, object]:
        """Return the part as it is sent: the fields that hold something, and undocumented ones."""
        payload: dict[str, object] = {name: without_floats(value) for name, value in (self.model_extra or {}).items()}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value is not None:
                payload[name] = encode_value(value, self.encoders.get(name))
        return payload


def checked(part: type[TwoWay], given: Mapping[str, object]) -> dict[str, object]:
    """Return what a caller gives, with the fields of `written_as` checked as those of a written model.

    Raises `ValueError` for a name that the part does not have.
    """
    for name in given:
        if name not in part.model_fields:
            raise ValueError(unknown_name(part.__name__, name, part.model_fields))
    own = {name: value for name, value in given.items() if name in part.written_as}
    if not own:
        return dict(given)
    strict = _written_twin(part).model_validate(own)
    return {**given, **{name: getattr(strict, name) for name in own}}


@cache
def _written_twin(part: type[TwoWay]) -> type[WrittenModel]:
    fields: dict[str, Any] = {name: (kind | None, None) for name, kind in part.written_as.items()}
    return create_model(part.__name__, __base__=WrittenModel, **fields)


def refuse_misunderstood(part: TwoWay, given: Mapping[str, object]) -> None:
    """Raise `ValueError` for a value that reading would forgive and a caller cannot have meant."""
    for name, value in given.items():
        if name in part.written_as:
            continue
        understood = getattr(part, name)
        lost = value is not None and understood is None
        if lost or not isinstance(value, str | int | None) or (isinstance(value, bool) and understood is not value):
            raise ValueError(f"{type(part).__name__}.{name} cannot be a {type(value).__name__} like this one")


def refuse_missing(part: type[TwoWay], given: Mapping[str, object], names: Iterable[str]) -> None:
    """Raise `ValueError` for one of these that is missing or empty."""
    for name in names:
        if given.get(name) is None or not str(given[name]).strip():
            raise ValueError(f"{part.__name__}.{name} must not be empty")


class _Part:
    """The check of a part within a written model: an instance, or a dict of what the constructor takes."""

    def __get_pydantic_core_schema__(self, source: type[TwoWay], handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object, info: ValidationInfo) -> object:
            if isinstance(value, dict):
                return source(**value)
            if isinstance(value, source) and not is_unchecked(info):
                missing = [name for name in source.required if getattr(value, name) is None]
                if missing:
                    raise ValueError(f"{source.__name__}.{missing[0]} is missing")
            return value

        return BeforeValidator(check).__get_pydantic_core_schema__(source, handler)


P = TypeVar("P", bound=TwoWay)

Part: TypeAlias = Annotated[P, _Part()]
"""A part that serves both ways, as it stands in a written model.

What the server sent incompletely does not keep a caller from changing another field; a new part is refused.
"""
