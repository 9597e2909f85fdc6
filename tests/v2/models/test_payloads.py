"""Every documented sample: read without loss, value by value, and written exactly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from samples import as_written, assert_read_without_loss, assert_written_exactly, is_rows

from billingo_async.fields.exact import exact_json
from billingo_async.v2 import models
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async.fields.reading import ReadModel
    from billingo_async.fields.writing import WrittenModel

UNSAMPLED = {"bank_accounts.get", "clients.get", "invoices.get", "products.get"}
"""They answer a list of one."""
SAMPLES: dict[str, Any] = {row.name: row.decoder for row in TABLE}
READ: dict[str, type[ReadModel]] = {
    name: decoder.model
    for name, decoder in {**SAMPLES, "invoices.query": SAMPLES["invoices.list"]}.items()
    if hasattr(decoder, "model") and not name.startswith("recurring.") and name not in UNSAMPLED
}
"""Every operation that answers a model; the withdrawn ones have no sample."""
WRITTEN: dict[str, type[WrittenModel]] = {
    "invoices.pay": models.Payment,
    **{
        name: getattr(models, f"New{model.__name__}")
        for name, model in READ.items()
        if name.endswith((".create", ".update"))
    },
}
NO_MODEL = {
    *("clients.delete", "currency.convert", "invoices.code", "invoices.generate", "invoices.send", "products.delete"),
    *("user.is_sandbox", "user.tax_code"),
}


def bodies(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands for a model in an answer: the attributes of each entry, or the data itself."""
    data = payload["data"]
    return [row.get("attributes", row) for row in (data if is_rows(data) else [data])]


def test_every_sample_is_looked_at(shared: Path) -> None:
    """No sample is left out by an oversight."""
    names = {path.name.rsplit(".", 2)[0] for path in (shared / "payloads").glob("*.response.json")}
    assert names == {*READ, *NO_MODEL}
    names = {path.name.rsplit(".", 2)[0] for path in (shared / "payloads").glob("*.request.json")}
    assert names == WRITTEN.keys()


@pytest.mark.parametrize("name", sorted(READ))
def test_a_sample_answer_is_read_without_loss(shared: Path, name: str) -> None:
    """Every value of a documented answer is found again in the model, in its own type, on both roads alike."""
    payload = json.loads((shared / "payloads" / f"{name}.response.json").read_bytes())
    for raw in bodies(payload):
        assert_read_without_loss(READ[name], raw)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_sample_request_is_written_exactly(shared: Path, name: str) -> None:
    """A documented request comes out as it is documented: the same values in the same JSON types."""
    sample = exact_json((shared / "payloads" / f"{name}.request.json").read_bytes())
    assert_written_exactly(WRITTEN[name].model_validate(sample).to_payload(), as_written(sample))
