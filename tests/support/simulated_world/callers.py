"""The workers of a story and their callers: what they ask for, how often, and what they receive.

A worker is a process with a `Billingo` object and a journal, as an application has them. Nothing goes wrong here.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import billingo_async as sdk
from billingo_async import v3
from simulated_world.judge import Answer
from simulated_world.network import CALL, INTENT
from simulated_world.story import SPELLINGS, WINGS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from simulated_world.network import Network
    from simulated_world.story import Act, Order, Story
    from simulated_world.world import Process, World

MAX_WAIT: Final = 900.0
"""Seconds within which every single call has an end: some timeouts, waits and transactions after one another."""
AGAIN_SECONDS: Final = 20.0
MAX_CALLS: Final = 3
MANY: Final = "create many"


class Callers:
    """All callers of a story."""

    def __init__(self, world: World, network: Network, story: Story) -> None:
        """Take the world that they live in."""
        self._world = world
        self._network = network
        self._story = story
        self._orders = {order.key: order for order in story.orders}
        self._numbers = 0
        self._calls = count(1)
        self.clients: Final[dict[str, list[int]]] = {"v2": [], "v3": []}
        """The ids of the account's customers, as each API knows them."""
        self._block = 0
        self.wings: Final = sorted({worker.wing for worker in story.workers})
        self.asked: Final = [
            act
            for act in story.acts
            if act.order in self._orders and act.what in WINGS[story.workers[act.worker].wing].acts
        ]
        self.waiting: Final = [*self.asked]
        """Those who have no answer yet."""
        self.answers: Final[list[Answer]] = []
        """What callers received."""

    def _billingo(self, wing: str, journal: sdk.Journal | None = None) -> Any:
        self._numbers += 1  # an address of its own: processes share no limit
        story, sandbox, address = self._story, self._network.sandbox, f"http://127.0.0.1:{self._numbers}"
        options: dict[str, Any] = {"timeout": story.timeout, "max_wait": story.max_wait, "journal": journal}
        if wing == "v3":
            return v3.Billingo(sandbox.api_key, base_url=f"{address}/v3", **options)
        keys = sandbox.public_key, sandbox.private_key
        return sdk.Billingo(*keys, base_url=f"{address}/api", trust_refusals=story.trust_refusals, **options)

    async def make_clients(self) -> None:
        """Make two customers for each API that the story uses."""
        names = ("Első Kft.", "Második Bt.")
        if "v2" in self.wings:
            address = sdk.Address(street_name="Fő u. 1", city="Pécs", postcode="7621", country="Hungary")
            async with self._billingo("v2") as billingo:
                for name in names:
                    new = sdk.NewClient(name=name, email="kata@example.com", billing_address=address)
                    self.clients["v2"].append((await billingo.clients.create(new)).id)
        if "v3" in self.wings:
            place = v3.PartnerAddress(country_code="HU", post_code="7621", city="Pécs", address="Fő u. 1")
            async with self._billingo("v3") as billingo:
                self._block = (await billingo.document_blocks.list(type="invoice"))[0].id
                for name in names:
                    partner = v3.NewPartner(name=name, emails=("bela@example.com",), address=place)
                    self.clients["v3"].append((await billingo.partners.create(partner)).id)

    async def work(self, process: Process, path: Path, acts: Sequence[Act], began: float, *, opens: bool) -> None:
        """Live a worker's life: every act in a task of its own, until all are over; `opens` the journal before."""
        journal = sdk.Journal(f"sqlite:///{path}", stamp=self._story.stamp, second_look=self._story.second_look)
        async with self._billingo(process.wing, journal) as billingo:
            if opens:
                with suppress(sdk.JournalError):
                    await journal.status()
                process.has_opened = True
            await asyncio.gather(*(self._act(process, billingo, act, began + act.at - self._world.now) for act in acts))
        process.is_done = True

    async def _act(self, process: Process, billingo: Any, act: Act, wait: float) -> None:
        """Ask as a caller does: again after an error that says it is worth it, and no more once the caller is gone."""
        await process.wait(wait)
        for call in range(MAX_CALLS):
            if call:
                await process.wait(AGAIN_SECONDS)
            asked, stood_still = self._world.now, process.stood_still
            CALL.set(number := next(self._calls))
            answer = await self._ask(process, billingo, act)
            waited = self._world.now - asked - (process.stood_still - stood_still)
            if waited > MAX_WAIT:
                self._world.failures.append(f"{act.what} {act.order}: had its answer after {waited:.0f} s")
            if act.what != MANY:
                self._answered(Answer(act, answer, process.name, number))
            if not (isinstance(answer, sdk.BillingoError) and answer.worth_retrying):
                break
        if act in self.waiting:
            self.waiting.remove(act)

    def _answered(self, answer: Answer) -> None:
        self.answers.append(answer)
        value = answer.value
        shown = f"{type(value).__name__}: {value}" if isinstance(value, Exception) else value
        self._world.log(answer.process, f"{answer.act.what} {answer.act.order} -> {shown}")

    async def _ask(self, process: Process, billingo: Any, act: Act) -> object:
        try:
            async with asyncio.timeout(act.patience):
                if act.what == MANY:
                    await self._create_many(process, billingo, act)
                    return None
                return await self._do(process.wing, billingo, act)
        except sdk.BillingoError as error:
            return error.with_traceback(None)
        except TimeoutError:
            return "gone"
        except ValueError as error:
            return "refused for its key" if act.spelling else error
        except Exception as error:  # noqa: BLE001 - whatever it is, the judge has a word to say
            return error

    async def _create_many(self, process: Process, billingo: Any, act: Act) -> None:
        """Make all orders in one run; each outcome is an answer of its own."""

        def draft_of(order: Order) -> Any:
            INTENT.set(f"create {order.key}")  # it is called where the key's own task is begun
            return self._draft(process.wing, order)

        entries = ((order.key, partial(draft_of, order)) for order in self._story.orders)
        many = billingo.documents.create_many if process.wing == "v3" else billingo.invoices.create_many
        async for outcome in many(entries, concurrency=2):
            made = outcome.result.id if outcome.result else outcome.error
            one = replace(act, what="create", order=outcome.key)
            self._answered(Answer(one, made, process.name, CALL.get()))

    async def _do(self, wing: str, billingo: Any, act: Act) -> int | None:
        order, key = self._orders[act.order], SPELLINGS.get(act.spelling, str)(act.order)
        if act.what == "resolve":
            record = await billingo.resolve(key, result_id=self._document_named(order))
            return record.result.id if record.result else None
        documents = billingo.documents if wing == "v3" else billingo.invoices
        INTENT.set(f"create {order.key}")
        made = await documents.create(self._draft(wing, order), key=key)
        if act.what == "create":
            return int(made.id)
        INTENT.set(f"{act.what} {order.key}")
        payment = sdk.Payment(date=self._today(), amount=Decimal(1), payment_method=1)
        calls: Mapping[str, Callable[[], Awaitable[object]]] = {
            "send": lambda: documents.send(made.id, key=key),
            "pay": lambda: documents.pay(made.id, payment, key=key),
            "pay more": lambda: documents.pay(made.id, payment, key=f"{order.key}/more"),
            "undo": lambda: documents.undo_payment(made.id, key=key),
            "cancel": lambda: documents.cancel(made.id, key=key),
            "copy": lambda: documents.copy(made.id, key=key),
            "modify": lambda: documents.create_modification(made.id, _modification(order), key=key),
        }
        return getattr(await calls[act.what](), "id", None)

    def _document_named(self, order: Order) -> int:
        """Return what a person takes for an order's document: one that says something else, or else its own."""
        others = [f"create {other.key}" for other in self._orders.values() if replace(other, key=order.key) != order]
        made = {commit.intent: commit.id for commit in reversed(self._network.commits)}
        return next((made[intent] for intent in [*others, f"create {order.key}"] if intent in made), 1)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._story.epoch, UTC).date()

    def _draft(self, wing: str, order: Order) -> sdk.NewInvoice | v3.NewDocument:
        fields: dict[str, Any] = {"fulfillment_date": self._today(), "due_date": self._today() + timedelta(8)}
        client = self.clients[wing][order.client]
        if wing == "v2":
            item = sdk.NewItem(
                description="Kávé és tea", vat_id=1, qty=2, unit="db", net_unit_price=Decimal(order.price)
            )
            return sdk.NewInvoice(client_uid=client, payment_method=1, comment=order.comment, items=[item], **fields)
        if order.comment:
            fields["comment"] = order.comment
        return v3.NewDocument(
            partner_id=client,
            block_id=self._block,
            type="invoice",
            payment_method="cash",
            items=(_line(order.price),),
            **fields,
        )


def _line(price: str) -> v3.NewDocumentItem:
    return v3.NewDocumentItem(
        name="Kávé és tea", quantity=2, unit="db", unit_price=Decimal(price), unit_price_type="net", vat="27%"
    )


def _modification(order: Order) -> v3.NewModification:
    return v3.NewModification(items=(_line(f"{order.price}1"),))
