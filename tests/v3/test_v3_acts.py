"""What is done to one document under a key, while another program does something to it as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from harness import v3_harness
from v3_cases import ITEM

from billingo_async.sandbox import Fault
from billingo_async.v3 import Document, InvoiceSettings, Journal, NewModification, OutcomeUnknownError
from billingo_async.v3.once import (
    DocumentsCancel,
    DocumentsCopy,
    DocumentsCreateModification,
    DocumentsIssueDraft,
    unlike_original,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from harness import Harness
    from jumping_clock import JumpingClock

    from billingo_async.v3 import Billingo

    Act = Callable[[Billingo, int, str | None], Awaitable[Document]]


@pytest.fixture
async def lab(jumping_clock: JumpingClock, tmp_path: Path) -> AsyncGenerator[Harness[Billingo]]:
    """A harness with a journal in a file."""
    async with v3_harness(jumping_clock, journal=Journal(f"sqlite:///{tmp_path / 'keys.db'}")) as lab:
        yield lab


def _cancel(billingo: Billingo, id_: int, key: str | None) -> Awaitable[Document]:
    return billingo.documents.cancel(id_, key=key)


def _invoice(type_: str) -> Act:
    settings = InvoiceSettings(document_type=type_)
    return lambda billingo, id_, key: billingo.documents.create_from_proforma(id_, settings, key=key)


def _modification(price: int) -> Act:
    new = NewModification(items=(ITEM.model_copy(update={"unit_price": price}),))
    return lambda billingo, id_, key: billingo.documents.create_modification(id_, new, key=key)


async def _in_doubt(lab: Harness[Billingo], id_: int, name: str, act: Act, other: Act) -> Document:
    """The act was never read by the server; what another program has made of the document since."""
    lab.sandbox.faults.next(name, Fault.drop_before_read())
    with pytest.raises(OutcomeUnknownError):
        await act(lab.billingo.with_options(max_retries=0), id_, "order-1")
    return await other(lab.billingo, id_, None)


async def test_a_modification_is_no_storno(lab: Harness[Billingo]) -> None:
    """Its sum is negative, too, and it came while the cancelling was in doubt: the document is cancelled now."""
    id_ = await lab.shop.document()
    await _in_doubt(lab, id_, "documents.cancel", _cancel, _modification(-1000))
    assert (await _cancel(lab.billingo, id_, "order-1")).type == "cancellation"
    assert lab.sandbox.ledger.count("documents.cancel") == 1


@pytest.mark.parametrize(
    ("name", "kind", "act", "other"),
    [
        ("documents.create_from_proforma", "proforma", _invoice("invoice"), _invoice("advance")),
        ("documents.create_modification", "invoice", _modification(5000), _modification(7)),
    ],
    ids=["an advance invoice", "other lines"],
)
async def test_what_is_not_as_asked_for_leaves_doubt(
    name: str, kind: str, act: Act, other: Act, lab: Harness[Billingo]
) -> None:
    """It came of the same document while the key was in doubt: it is named, not taken, and nothing more is sent."""
    id_ = (await lab.billingo.documents.create(await lab.shop.order(kind))).id
    made = await _in_doubt(lab, id_, name, act, other)
    with pytest.raises(OutcomeUnknownError) as caught:
        await act(lab.billingo, id_, "order-1")
    assert caught.value.candidates == (made.id,)
    assert lab.sandbox.ledger.count(name) == 1


@pytest.mark.parametrize(
    ("act", "told", "field"),
    [
        (DocumentsCancel, {"gross_total": -2540}, None),
        (DocumentsCancel, {}, None),
        (DocumentsCancel, {"gross_total": -254}, "gross_total"),
        (DocumentsCancel, {"currency": "EUR"}, "currency"),
        (DocumentsCopy, {"gross_total": 2540, "document_partner": {"id": 3}}, None),
        (DocumentsCopy, {"gross_total": 5080}, "gross_total"),
        (DocumentsCopy, {"partner": {"id": 4}}, "partner_id"),
        (DocumentsCreateModification, {"gross_total": 1, "currency": "HUF"}, None),
        (DocumentsCreateModification, {"document_partner": {"id": 4}}, "partner_id"),
        (DocumentsIssueDraft, {"gross_total": 1, "currency": "EUR", "partner": {"id": 4}}, None),
    ],
)
def test_what_is_made_from_a_document_is_like_it(act: Any, told: dict[str, Any], field: str | None) -> None:
    """It has its partner and currency, a storno and a copy its sum too; only a draft may become another's."""
    document = Document.model_validate({"id": 7, "gross_total": 2540, "currency": "HUF", "partner": {"id": 3}})
    made = Document.model_validate({"id": 8, **told})
    assert unlike_original(act.snapshot(document), made) == field
