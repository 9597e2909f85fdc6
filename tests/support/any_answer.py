"""Hypothesis draws answers to an operation: near enough to what was promised to be read, and wrong in any way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from billingo_async.fields.reading import ReadModel
from billingo_async.v2.decoders import Data, Many, One, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.protocol.call import Operation

YES: tuple[Any, ...] = (True, 1, "true", "True", "TRUE", " true ", "1")
NO: tuple[Any, ...] = (False, 0, "false", "False", "FALSE", " false", "0")
NEITHER: tuple[Any, ...] = ("yes", "no", "ok", "null", "", None, 2, -1, 0.5, [], {}, [True], {"success": True})

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["", "0", "1", "7", "0000-00-00", "0000-00-00 00:00:00", "-0001-11-30 00:00:00", "2015-12-12"])
    | st.sampled_from(["2015-12-12 10:00:00", "4445.000", "1e3", "hu", "AM", "FOREIGN", "ALIEN", "NaN", 3, 17, 0.27]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON, and more often than by chance what PHP writes."""
RARELY = st.sampled_from([False] * 19 + [True])
AMOUNTS: st.SearchStrategy[Any] = st.sampled_from(
    [4445, "4445.000", 0.27, -0.0, 1e2, "0", "", None, [], "12345678901234567890.12345678"]
)
LIKELY: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, "1", "0", "4445.000", 0.27, 1e2, "2015-12-12", "0000-00-00", "", None, "hu", "TAM", []]
)
"""What most fields take, one way or another."""
IDS = st.sampled_from([7, "7"] * 15 + [1938103373, 0, "0", None, "x", "", -7, True, 2.5, [], {}])
TROUBLE = st.sampled_from(["No", "", None, [], {}, ["No", 7], {"items[0].qty": "a number is required"}, False, 7])


def likely(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    """Draw what a field takes in one spelling or another."""
    return IDS if name == "id" else AMOUNTS if "Decimal" in str(annotation) else LIKELY


def parts_of(annotation: Any) -> Iterator[type[ReadModel]]:
    """Yield the models that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, ReadModel):
        yield annotation
    for part in get_args(annotation):
        yield from parts_of(part)


@st.composite
def attributes(draw: st.DrawFn, model: type[ReadModel], depth: int = 2) -> dict[str, Any]:
    """Draw what stands in an entry: any field missing, any value in it, unknown fields besides."""
    told: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(sorted(model.model_fields)), unique=True, max_size=8)):
        inner = next(parts_of(model.model_fields[name].annotation), None)
        if draw(RARELY):
            told[name] = draw(ODD)
        elif inner is not None and depth:
            told[name] = draw(lists_of(attributes(inner, depth - 1)) | attributes(inner, depth - 1))
        else:
            told[name] = draw(likely(name, model.model_fields[name]))
    return told | draw(st.dictionaries(st.sampled_from(["colour", "ő", "0", "raw"]), ODD, max_size=2))


def lists_of(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw rows: a list, PHP's object with numbers for keys, one of them no object at all."""
    return st.one_of(
        st.lists(one, max_size=3),
        st.dictionaries(st.sampled_from(["0", "1", "5"]), one, max_size=3),
        st.tuples(one, ODD).map(list),
    )


def entries_of(model: type[ReadModel]) -> st.SearchStrategy[Any]:
    """Draw an entry: its id outside, inside, nowhere; its attributes beside it or missing."""
    told = attributes(model)
    return st.one_of(
        st.fixed_dictionaries({"id": IDS, "attributes": told}),
        st.fixed_dictionaries({"id": st.just(7), "attributes": told}),
        st.fixed_dictionaries({}, optional={"id": IDS, "attributes": told | ODD}),
        st.builds(_flat, told, IDS),
    )


def _flat(fields: dict[str, Any], uid: Any) -> dict[str, Any]:
    return {**fields, "id": uid}


def data_of(operation: Operation[Any]) -> st.SearchStrategy[Any]:
    """Draw `data`: what was promised, in any of its dialects, and now and then something else."""
    kind = type(operation.decoder)
    model: type[ReadModel] = getattr(operation.decoder, "_model", ReadModel)
    if kind in {Many, One}:
        entry = entries_of(model)
        return entry | st.lists(entry, min_size=1, max_size=1) | lists_of(entry)
    if kind is Data:
        state = st.fixed_dictionaries({"fully_paid": LIKELY, "outstanding": LIKELY})
        return attributes(model) | state
    if kind is Value:
        name: str = getattr(operation.decoder, "_name", "")
        return st.fixed_dictionaries({}, optional={name: LIKELY | ODD, "other": ODD})
    return (
        st.fixed_dictionaries({}, optional={"id": IDS, "time": LIKELY | ODD})
        | st.lists(st.fixed_dictionaries({"id": IDS}))
        | ODD
    )


@st.composite
def answers(draw: st.DrawFn, operation: Operation[Any]) -> Any:
    """Draw a whole answer: mostly an envelope, each of its parts there or not."""
    if draw(RARELY):
        return draw(ODD)
    says = draw(st.sampled_from([YES] * 5 + [NO] * 2 + [NEITHER]))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "success": st.sampled_from(says),
        "error": TROUBLE | ODD,
        "errors": TROUBLE | ODD,
        "type": ODD,
        "id": IDS,
        "at": st.sampled_from([1_700_000_000, "2023-11-14T22:13:20Z", "soon"]),
    }
    told = draw(st.lists(st.sampled_from(sorted(parts)), unique=True, max_size=4))
    if not draw(RARELY):
        told.append("success")
    said = {name: draw(parts[name]) for name in told}
    return said if draw(RARELY) else {**said, "data": draw(ODD if draw(RARELY) else data_of(operation))}
