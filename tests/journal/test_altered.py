"""Servers, clocks and gateways as they are: what was made is found again, or told as doubt; never made twice."""

from __future__ import annotations

import html
import time
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import pytest
from drafts import CUSTOMER, draft

from billingo_async import ConfigurationError, Journal, OutcomeUnknownError, RateLimitedError, ServerError
from billingo_async.journal import claims
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from journal_harness import JournalHarness

    from billingo_async import APIError

pytestmark = pytest.mark.jumping
TEXT = "Köszönjük a vásárlást! \N{BIRTHDAY CAKE} Őrségi Sütőház, 2026. március"
ALTERATIONS = {
    "cut at an emoji": Fault.cut_comment(),
    "cut at a length": Fault.cut_comment(30),
    "a line appended": Fault.append_to_comment("Sent by the office"),
    "accents lost": Fault.lose_accents(),
    "prices rounded": Fault.round_prices(),
    "due date moved": Fault.move_due_date(3),
}


@pytest.mark.parametrize("alteration", ALTERATIONS.values(), ids=ALTERATIONS)
async def test_altered_and_dropped_is_doubt(office: JournalHarness, alteration: Fault) -> None:
    """An invoice that the server has altered, and whose answer was lost, is a candidate: no second one is made."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "before"), key="order-0")
    office.sandbox.faults.next("invoices.create", alteration & Fault.drop_after_commit())
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError) as caught:
            await billingo.invoices.create(draft(office.client_uid, TEXT), key="order-1")
        assert caught.value.candidates == (office.sandbox.ledger[-1].id,)
        assert caught.value.worth_retrying
    assert office.made == 2
    candidate = office.sandbox.ledger[-1].id
    resolved = await billingo.resolve("order-1", result_id=candidate, force=True)
    assert (resolved.state, resolved.invoice.id) == ("done", candidate)


@pytest.mark.parametrize("alteration", ALTERATIONS.values(), ids=ALTERATIONS)
async def test_stamp_survives_what_servers_alter(office: JournalHarness, alteration: Fault) -> None:
    """The stamp stands first in the comment, so that no cut takes it away, and what it is on is the key's."""
    billingo = await office.open(stamp="Ref. {key}")
    office.sandbox.faults.next("invoices.create", alteration & Fault.drop_after_commit())
    invoice = await billingo.invoices.create(draft(office.client_uid, TEXT), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]


@pytest.mark.parametrize(
    ("key", "other", "comment"),
    [
        ("order-1", "order-10", "Ref. order-10"),
        ("order-2026-000123-b", "order-2026-000123", "Ref. order-2026-000123"),
        ("anna", "bob", "Ref. bob"),
    ],
    ids=["a longer key", "a key that begins alike", "another key"],
)
async def test_answer_with_the_stamp_of_another_key(office: JournalHarness, key: str, other: str, comment: str) -> None:
    """Two orders of one client over one sum, and a proxy gives one the other's answer: each has its own invoice."""
    billingo = await office.open(stamp="Ref. {key}")
    first = await billingo.invoices.create(draft(office.client_uid), key=other)
    told = {
        "client_uid": first.client_uid,
        "comment": comment,
        "total": str(first.total),
        "invoice_no": first.invoice_no,
    }
    crossed = {"success": True, "type": "invoices", "data": {"id": first.id, "attributes": told}}
    office.sandbox.faults.next("invoices.create", Fault.answer(200, crossed, processed=True))
    second = await billingo.invoices.create(draft(office.client_uid), key=key)
    assert (second.id, office.made) == (office.sandbox.ledger[-1].id, 2)
    assert second.id != first.id


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("Thanks for shopping here\nOrder 2", "Thanks for shopping here\nOrder 1"),
        ("Webshop order number 1", "Webshop order number 12"), ("20241/1", "2024/11"), ("5", "-5"),
        ("id Ab3", "id aB3"), ("Dear Bob, your order 2 is on its way", "Dear Anna, your order 1 is on its way"),
    ],
)  # fmt: skip
async def test_answer_with_the_comment_of_another_order(office: JournalHarness, sent: str, answered: str) -> None:
    """Without a stamp, too, each of two orders has its own invoice where a proxy gives one the other's answer."""
    billingo = await office.open()
    first = await billingo.invoices.create(draft(office.client_uid, answered), key="order-1")
    told = {"id": first.id, "attributes": {"client_uid": first.client_uid, "comment": answered}}
    crossed = Fault.answer(200, {"success": True, "type": "invoices", "data": told}, processed=True)
    office.sandbox.faults.next("invoices.create", crossed)
    second = await billingo.invoices.create(draft(office.client_uid, sent), key="order-2")
    assert (second.id, second.comment, office.made) == (office.sandbox.ledger[-1].id, sent, 2)


HONEST: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "text behind it": ("Order 1234", lambda text: f"{text} - webshop"),
    "a line before": ("Order 1234", lambda text: f"Webshop order\n{text}"),
    "a line behind with a number": ("Order 1234", lambda text: f"{text}\nTel. 06 1 555 0100"),
    "breaks": ("Order 1234\nThank you", lambda text: text.replace("\n", "<br />\n")),
    "one line": ("Order 1234\nthank you", lambda text: text.replace("\n", " ")),
    "accents and lines lost": ("Rendelés 1234\n\nköszönet", lambda text: " ".join(text.replace("é", "e").split())),
    "spaces collapsed, a line behind": ("Order  1234", lambda text: f"{' '.join(text.split())}\nBank"),
    "tags stripped": ("<b>Order</b> 1234", lambda text: text.replace("<b>", "").replace("</b>", "")),
    "a letter without its stroke": ("Paweł 1234", lambda text: text.replace("ł", "l")),
    "emoji dropped": ("Köszönjük \N{GRINNING FACE} 1234", lambda text: text.replace(" \N{GRINNING FACE}", "")),
    "cut within its number": ("Order 1234 thank you", lambda text: text[:-12]),
    "cut, with dots": ("Thank you for your order number 1234 at our shop!", lambda text: f"{text[:40]}..."),
    "escaped twice": ("Bread & butter 1234", lambda text: html.escape(html.escape(text))),
    "another text": ("Order 1234", lambda _: "Paid by card"),
    "no text": ("Order 1234", lambda _: ""),
}
"""What is sent, and what an honest server makes of it."""


@pytest.mark.parametrize(("comment", "store"), HONEST.values(), ids=HONEST)
@pytest.mark.parametrize(
    ("key", "stamp"), [(None, None), ("order-1", None), ("order-1", "Ref. {key}")], ids=["no key", "key", "stamp"]
)
async def test_whatever_a_server_makes_of_a_comment_one_invoice_is_made(
    office: JournalHarness, comment: str, store: Callable[[str], str], key: str | None, stamp: str | None
) -> None:
    """The answer does not tell another order's number, so it is this order's: returned, and sent once."""

    def stored(name: str, value: object) -> object:
        return store(value) if name == "comment" and isinstance(value, str) else value

    office.sandbox.faults.always("invoices.create", Fault("honest", alterations=(stored,)))
    billingo = await office.open(stamp=stamp)
    invoice = await billingo.invoices.create(draft(office.client_uid, comment), key=key)
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]
    assert office.asked("invoices.create") == 1


async def test_answered_with_success_is_never_sent_again(office: JournalHarness) -> None:
    """A server that cuts an order's number into another one leaves doubt, with the invoice that it answered."""
    billingo = await office.open()
    office.sandbox.faults.always("invoices.create", Fault.cut_comment(8))
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError) as caught:
            await billingo.invoices.create(draft(office.client_uid, "Order 1234"), key="order-1")
        assert caught.value.candidates == (office.sandbox.ledger[-1].id,)
    assert (office.made, office.asked("invoices.create")) == (1, 1)
    resolved = await billingo.resolve("order-1", result_id=office.sandbox.ledger[-1].id, force=True)
    assert resolved.state == "done"


async def test_answered_with_another_keys_invoice_is_never_sent_again(office: JournalHarness) -> None:
    """Its own invoice is not found, but one may be on its way: no candidate is another key's, and nothing is sent."""
    billingo = await office.open()
    first = await billingo.invoices.create(draft(office.client_uid, "Order 1"), key="order-1")
    told = {"id": first.id, "attributes": {"client_uid": first.client_uid, "comment": "Order 1"}}
    office.sandbox.faults.next("invoices.create", Fault.answer(200, {"success": True, "data": told}))
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError, match="another key's") as caught:
            await billingo.invoices.create(draft(office.client_uid, "Order 2"), key="order-2")
        assert caught.value.candidates == ()
    assert (office.made, office.asked("invoices.create")) == (1, 2)


async def test_another_order_of_the_same_client_is_no_candidate(office: JournalHarness) -> None:
    """A similar invoice that was made by hand since, for another order, neither is adopted nor stands in the way."""
    billingo, hand = await office.open(), await office.open()
    await billingo.invoices.create(draft(office.client_uid, "Order 1"), key="order-1")
    await hand.invoices.create(draft(office.client_uid, "Order 2"))
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    invoice = await billingo.invoices.create(draft(office.client_uid, "Order 3"), key="order-3")
    assert invoice.comment == "Order 3"
    assert office.made == 3


@pytest.mark.parametrize("behind", [15 * 3600.0, 2 * 86_400.0, -2 * 86_400.0], ids=["hours", "days", "days ahead"])
async def test_own_clock_that_is_wrong(office: JournalHarness, behind: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock stands on another day than the server's finds the invoice that it has not heard of."""
    now = time.time
    with monkeypatch.context() as patched:
        patched.setattr(claims, "time", SimpleNamespace(time=lambda: now() - behind))
        first = await office.open(max_retries=0)
        office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
        with pytest.raises(OutcomeUnknownError):
            await first.invoices.create(draft(office.client_uid), key="order-1")
        await first.aclose()
        adopted = await (await office.open()).invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [adopted.id]


@pytest.mark.parametrize("moment", [datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC), datetime(2020, 2, 29, tzinfo=UTC)])
async def test_sandbox_that_stands_on_another_day(office: JournalHarness, moment: datetime) -> None:
    """The guide to testing hands in a fixed clock: the invoice whose answer was lost is found on that day."""
    office.sandbox = Sandbox(now=moment.timestamp)
    billingo = await office.open()
    client_uid = (await billingo.clients.create(CUSTOMER)).id
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    invoice = await billingo.invoices.create(draft(client_uid), key="order-1")
    assert (invoice.date, office.made) == (moment.date(), 1)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("retries", [0, 3])
async def test_gateway_that_refuses_after_the_fact(office: JournalHarness, status: int, retries: int) -> None:
    """A 429 or 503 that comes after the invoice was made is looked into before anything is sent a second time.

    So it is where no patience was left for that.
    """
    billingo = await office.open(max_retries=retries)
    office.sandbox.faults.next("invoices.create", Fault.refuse_after_commit(status, 0))
    with suppress(RateLimitedError, ServerError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]


@pytest.mark.jumping
@pytest.mark.parametrize(
    ("status", "kind"), [(429, RateLimitedError), (503, ServerError)], ids=["too many", "unavailable"]
)
@pytest.mark.parametrize("retries", [0, 2])
async def test_refused_to_the_end(office: JournalHarness, status: int, kind: type[APIError], retries: int) -> None:
    """A request that the server refuses to the end ends with the refusal, with a key as without one.

    Nothing was made, so it is safe to ask for again; the key says why, and is free where the account was asked.
    """
    billingo = await office.open(max_retries=retries)
    refusal = Fault.answer(status, {"success": False, "error": "Too Many"}, {"Retry-After": "7"})
    errors: list[APIError] = []
    for key in (None, "order-1"):
        office.sandbox.faults.add("invoices.create", refusal, times=retries + 1)
        with pytest.raises(kind) as caught:
            await billingo.invoices.create(draft(office.client_uid), key=key)
        errors.append(caught.value)
    told = [(error.status_code, error.retry_after, error.safe_to_retry, str(error)) for error in errors]
    assert told[0] == told[1]
    assert told[1][:3] == (status, 7.0, True)
    journal = Journal(office.url)
    record = await journal.look_up("order-1")
    await journal.aclose()
    assert (record.state, record.error) == ("refused" if retries else "doubt", f"{kind.__name__}: {errors[1]}")
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]


async def test_resolve_by_another_customers_invoice(office: JournalHarness) -> None:
    """A person who names an invoice for somebody else is refused, naming what differs, unless it is forced."""
    billingo = await office.open(max_retries=0)
    office.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    with pytest.raises(OutcomeUnknownError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    office.sandbox.faults.clear()
    other = await billingo.invoices.create(draft(office.client_uid, price="7"))
    with pytest.raises(ConfigurationError, match=r"another net_total than was asked for.*force=True"):
        await billingo.resolve("order-1", result_id=other.id)
    talkative = await billingo.invoices.create(draft(office.client_uid, "Thank you!"))
    with pytest.raises(ConfigurationError, match=r"does not say all that was asked for.*force=True"):
        await billingo.resolve("order-1", result_id=talkative.id)
    assert (await billingo.resolve("order-1", result_id=other.id, force=True)).invoice.id == other.id
