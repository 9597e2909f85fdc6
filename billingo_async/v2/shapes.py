"""How the answer of each operation reads: the last column of the table of operations.

A documented answer takes the short road, from its bytes straight into models. Whatever does not fit there takes the
long one, through `envelope`, which knows the dialects and raises what the answer stands for. A row only says where its
model is found: who never calls it never loads it.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice, takewhile
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from billingo_async.fields.lenient import Identity
from billingo_async.fields.reading import ReadModel, read_json, with_id
from billingo_async.protocol.call import Shape
from billingo_async.protocol.decoded import is_array, is_object
from billingo_async.protocol.refusals import malformed
from billingo_async.v2 import envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Call, Reply

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
M = TypeVar("M", bound=ReadModel)

_PLACE = re.compile(r"\w+")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Entry(TypedDict, Generic[M]):
    id: Identity  # where it is none, the long road looks for another
    attributes: M


class _Success(TypedDict, Generic[T]):
    success: Literal[True]
    data: T


class _OnRoad(Shape[T_co]):
    """What is read along a road that is built once, before the first call of its row leaves."""

    @cached_property
    def _road(self) -> TypeAdapter[Any]:
        raise NotImplementedError

    def prepare(self) -> None:
        """Build the road, so that nothing of it can fail when the answer is there."""
        _ = self._road


class _OfModel(Generic[M]):
    """What reads into a model, which is found when the road to it is built."""

    def __init__(self, find: Callable[[], type[M]]) -> None:
        """Take what finds the model."""
        self._find = find

    @cached_property
    def _model(self) -> type[M]:
        return self._find()


class Many(_OfModel[M], _OnRoad[list[M]]):
    """A list of entries, each read into a model."""

    @cached_property
    def _road(self) -> TypeAdapter[_Success[list[M]]]:
        return _success_with(GenericAlias(list, (_entry_of(self._model),)))

    @cached_property
    def _long_road(self) -> TypeAdapter[list[M]]:
        return _road_to(GenericAlias(list, (self._model,)))

    def read(self, call: Call[Any], reply: Reply) -> list[M]:
        """Return the models of the answer, in its order."""
        found = _try_road(self._road, reply)
        return self.read_dialect(call, reply) if found is None else found

    def read_dialect(self, call: Call[Any], reply: Reply) -> list[M]:
        """Return the models of an answer that is not as documented."""
        rows = envelope.entries(envelope.answered(call, reply).get("data"))
        if rows is None:
            raise malformed(call, reply, "no list of entries in `data`")
        return _validated(self._long_road, rows, call, reply)


class One(_OfModel[M], _OnRoad[M]):
    """A single entry, be it alone (POST, PUT, cancel) or in a list of one (GET)."""

    @cached_property
    def _many(self) -> Many[M]:
        return Many(self._find)

    @cached_property
    def _road(self) -> TypeAdapter[_Success[M | list[M]]]:
        entry = _entry_of(self._model)
        return _success_with(entry | GenericAlias(list, (entry,)))

    def read(self, call: Call[Any], reply: Reply) -> M:
        """Return the model of the answer."""
        found = _try_road(self._road, reply)
        if found is None:
            found = self._many.read_dialect(call, reply)
        if not isinstance(found, list):
            return found
        if len(found) != 1:
            raise malformed(call, reply, f"one entry was promised, {len(found)} came")
        return found[0]


class Data(_OfModel[M], _OnRoad[M]):
    """An object without id: the whole of `data`."""

    @cached_property
    def _road(self) -> TypeAdapter[M]:
        return TypeAdapter(self._model)

    def read(self, call: Call[Any], reply: Reply) -> M:
        """Return the model of the answer."""
        return _validated(self._road, envelope.lone(envelope.answered(call, reply).get("data")), call, reply)


class Value(_OnRoad[T]):
    """One named value of `data`, such as ``data.code``."""

    def __init__(self, name: str, kind: type[T]) -> None:
        """Take the value's name and its type."""
        self._name = name
        self._kind = kind

    @cached_property
    def _road(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind, config=ConfigDict(coerce_numbers_to_str=True))

    def read(self, call: Call[Any], reply: Reply) -> T:
        """Return the value."""
        data = envelope.lone(envelope.answered(call, reply).get("data"))
        if not is_object(data) or data.get(self._name) is None:
            raise malformed(call, reply, f"no `{self._name}` in `data`")
        told = _validated(self._road, data[self._name], call, reply)
        if isinstance(told, str) and _SURROGATE.search(told):
            raise malformed(call, reply, f"half a character (a lone surrogate) in `{self._name}`")
        return told


class Done(Shape[None]):
    """An answer that says success and nothing else."""

    def read(self, call: Call[Any], reply: Reply) -> None:
        """Return when the answer says success."""
        envelope.answered(call, reply)


class NewId(_OnRoad[int | None]):
    """The id of what was made: at the top, in `data`, or absent as in API 2.1. Source: API docs; seen."""

    @cached_property
    def _road(self) -> TypeAdapter[int]:
        return TypeAdapter(Identity)

    def read(self, call: Call[Any], reply: Reply) -> int | None:
        """Return the id where the server tells it."""
        said = envelope.answered(call, reply)
        data = said.get("data")
        first = data[0] if is_array(data) and data else data
        told = said.get("id") or (first.get("id") if is_object(first) else None)
        return _validated(self._road, told, call, reply) if told else None


def _entry_of(model: type[ReadModel]) -> Any:
    return Annotated[GenericAlias(_Entry, (model,)), AfterValidator(_with_its_id)]


def _success_with(data: Any) -> TypeAdapter[Any]:
    return _road_to(GenericAlias(_Success, (data,)))


def _road_to(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _with_its_id(entry: _Entry[M]) -> M:
    return with_id(entry["attributes"], entry["id"])


def _try_road(road: TypeAdapter[_Success[T]], reply: Reply) -> T | None:
    try:
        return read_json(road, reply.body)["data"] if not reply.cut else None
    except ValueError:
        return None


def _validated(road: TypeAdapter[T], plain: Any, call: Call[Any], reply: Reply) -> T:
    """Return the typed value, or raise `MalformedResponseError` that names the places which do not fit."""
    try:
        return road.validate_python(plain)
    except ValidationError as error:
        places = _places(error)
    raise malformed(call, reply, f"not what the API promises: {places}")


def _places(error: ValidationError) -> str:
    """Name the first three places that do not fit, without what pydantic adds about the kinds that it tried there."""
    paths = (takewhile(_PLACE.fullmatch, map(str, fault["loc"])) for fault in error.errors(include_input=False))
    return ", ".join(islice(dict.fromkeys(".".join(path) or "data" for path in paths), 3))
