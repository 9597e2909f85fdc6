"""What an editor and `help()` show of a model, before it is used and after: its fields, plain types, and words."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from samples import models_of

import billingo_async
import billingo_async.v3.models
from billingo_async import Address, Invoice, NewInvoice
from billingo_async.fields.described import field_docs
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.writing import WrittenModel

PLACES: list[Any] = [billingo_async, billingo_async.v3.models]
MODELS: list[Any] = [
    model for place in PLACES for base in (ReadModel, WrittenModel) for model in models_of(place, base)
]


def test_a_signature_names_every_field_with_a_plain_type() -> None:
    """What has to be given has no default; nothing of the validators shows."""
    parameters = inspect.signature(NewInvoice).parameters
    assert set(parameters) == set(NewInvoice.model_fields)
    assert (parameters["due_date"].annotation, parameters["due_date"].default) == (date, inspect.Parameter.empty)
    assert parameters["exchange_rate"].annotation == Decimal | int | None
    assert parameters["block_uid"].default == 0
    assert "Annotated" not in str(inspect.signature(NewInvoice))
    assert inspect.signature(Address).parameters["country"].default is inspect.Parameter.empty
    assert inspect.signature(Address).parameters["door"].default is None


def test_a_signature_is_the_same_before_and_after_the_first_use() -> None:
    """Pydantic builds a model when it is first used, and would put its own in the place."""
    code = (
        "import inspect, billingo_async as b; before = str(inspect.signature(b.NewProduct)), b.NewProduct.__doc__\n"
        "b.NewProduct(name='x', price=1, unit='x', currency_code='HUF', vat_id=1)\n"
        "assert before == (str(inspect.signature(b.NewProduct)), b.NewProduct.__doc__); print('vat_id' in before[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    assert done.stdout.strip() == "True"


def test_help_tells_the_fields_with_their_words() -> None:
    """The class's own docstring, then each field with what stands under it in the source."""
    text = pydoc.plain(pydoc.render_doc(Invoice))
    assert "An invoice. Amounts are in `currency`." in text
    assert "due_date: datetime.date | None = None" in text
    assert "Gross; negative on a cancelling invoice." in text


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__.split('.')[1]} {model.__name__}")
def test_every_field_is_documented(model: Any) -> None:
    """Unit, meaning or shape: a text stands under each field."""
    assert sorted(set(model.model_fields) - set(field_docs(model))) == []
