"""Any answer at all: read, or refused for its money; and read alike on both roads."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, TypeGuard

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from samples import models_of

from billingo_async.fields.exact import exact_json
from billingo_async.fields.reading import ReadModel, read_json
from billingo_async.fields.writing import plain
from billingo_async.v2 import models
from billingo_async.v2.models import Address, Invoice, Product

ALL = models_of(models, ReadModel)
ROADS: dict[type[ReadModel], TypeAdapter[Any]] = {model: TypeAdapter(model) for model in ALL}


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")

SLOPPY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(-1e12, 1e12)
    | st.text(max_size=12)
    | st.sampled_from(["", "0", "1", "2", "0000-00-00", "2015-12-12", "2015-12-12 10:00:00", "4445.000", "1e3", "hu"])
    | st.dates().map(str)
    | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def sloppy_answers(draw: st.DrawFn) -> tuple[type[ReadModel], dict[str, Any]]:
    """A model and an answer for it: any field missing, any value in it, unknown fields besides."""
    model = draw(st.sampled_from(ALL))
    names = draw(st.lists(st.sampled_from(sorted(model.model_fields)), unique=True))
    nested = st.dictionaries(
        st.sampled_from(["id", "name", "qty", "value", "city", "due_date", "ő"]), SLOPPY, max_size=4
    )
    value = SLOPPY | nested | st.lists(nested, max_size=2)
    answer = {name: draw(value) for name in names}
    return model, answer | draw(st.dictionaries(st.text(min_size=1, max_size=6), SLOPPY, max_size=2))


@given(sloppy_answers())
@example((Invoice, {"date": "0"}))
@example((Product, {"created_at": "1e3"}))
def test_no_answer_breaks_a_read_but_by_its_money(drawn: tuple[type[ReadModel], dict[str, Any]]) -> None:
    """Any answer is read, or refused with nothing but a `ValidationError`; unknown fields are kept."""
    model, answer = drawn
    body = json.dumps(answer).encode()
    try:
        read: ReadModel = read_json(ROADS[model], body)
    except ValidationError as error:
        assert any(is_strict(each["loc"]) for each in error.errors()), error.errors()  # noqa: PT017 - which field it was
        return
    assert (read.model_extra or {}).keys() == answer.keys() - model.model_fields.keys()
    assert read.model_fields_set == answer.keys()
    assert repr(read) == str(read)


@given(sloppy_answers())
@example((Product, {"created_at": "1e3"}))
@example((Product, {"created_at": "86400"}))
@example((Invoice, {"date": "86400"}))
@example((Invoice, {"comment": 1.10}))
@example((Address, {"block": 549755813888.2812}))
def test_both_roads_read_any_answer_alike(drawn: tuple[type[ReadModel], dict[str, Any]]) -> None:
    """Straight from bytes, or over decoded JSON: the same fields, or both refuse."""
    model, answer = drawn
    body = json.dumps(answer).encode()
    try:
        straight = known_fields(read_json(ROADS[model], body))
    except ValidationError:
        with pytest.raises(ValidationError):
            model.model_validate(exact_json(body))
        return
    assert known_fields(model.model_validate(exact_json(body))) == straight


def known_fields(read: ReadModel) -> str:
    """What the documented fields hold, all the way down, types included."""
    return repr({name: deep(getattr(read, name)) for name in type(read).model_fields if name != "company"})


def deep(value: Any) -> object:
    """Open up models within models; a text that was sent as a number may be spelled in any way that means the same."""
    if isinstance(value, ReadModel):
        return known_fields(value)
    if type(value) is str and NUMBER.fullmatch(value):
        return float(value)
    if isinstance(value, Decimal):
        return plain(value)  # 5.0 is 5
    return [deep(each) for each in value] if is_parts(value) else value


def is_parts(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether a field holds models in a row."""
    return isinstance(value, tuple)


def is_strict(loc: tuple[int | str, ...]) -> bool:
    """Whether an error lies at an amount, or at what a payment's answer has to hold."""
    names = {"fully_paid", "outstanding"}
    return any(part in names or "Decimal" in str(part) or "decimal" in str(part) for part in loc)
