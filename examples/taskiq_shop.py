"""The same shop with taskiq on Redis: a message for each paid order, an invoice for each message.

`python taskiq_shop.py 300` puts orders in, `taskiq worker taskiq_shop:broker` is a worker, and one
`taskiq scheduler taskiq_shop:scheduler` runs beside them. Redis is at `REDIS_URL`, the keys are in `JOURNAL_URL`.
"""

import asyncio
import os
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from taskiq import Context, SmartRetryMiddleware, TaskiqDepends, TaskiqEvents, TaskiqScheduler, TaskiqState
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import ListRedisScheduleSource, RedisStreamBroker

from billingo_async import (
    Address,
    Billingo,
    ConnectionFailedError,
    Journal,
    JournalError,
    NewClient,
    NewInvoice,
    NewItem,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
    ThrottledError,
)

BANK_CARD, VAT_27 = 5, 1  # as `payment_methods.list()` and `vat.list()` name them
REDIS = os.environ["REDIS_URL"]
PASSING = (ConnectionFailedError, JournalError, OutcomeUnknownError, RateLimitedError, ServerError, ThrottledError)
delayed = ListRedisScheduleSource(REDIS)
# A message that a worker has held for a minute is another's: longer than any call takes, shorter than the ten minutes
# which are the default. The lock on that must end too, should its holder be killed.
broker = RedisStreamBroker(REDIS, idle_timeout=60_000, unacknowledged_lock_timeout=10.0, xread_count=20)
broker = broker.with_middlewares(SmartRetryMiddleware(60, True, schedule_source=delayed, types_of_exceptions=PASSING))
scheduler = TaskiqScheduler(broker, [LabelScheduleSource(broker), delayed])


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def open_billingo(state: TaskiqState) -> None:
    """Open one object for the whole worker, in the worker."""
    state.billingo = Billingo(journal=Journal(os.environ["JOURNAL_URL"]))


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def close_billingo(state: TaskiqState) -> None:
    """Let what is on the wire come to its end."""
    await state.billingo.aclose()


@broker.task
async def make_invoice(
    number: int, customer: str, price: int, paid_on: str, context: Annotated[Context, TaskiqDepends()]
) -> int:
    """Make the invoice of an order: the key is the order's, the day is the order's, and what returns is an id."""
    billingo: Billingo = context.state.billingo
    home = Address(street_name="Fő", street_type="utca", house_nr="7", city="Győr", postcode="9021", country="Hungary")
    client = await billingo.clients.create(NewClient(name=customer, billing_address=home))
    day = date.fromisoformat(paid_on)
    invoice = NewInvoice(
        client_uid=client.id,
        payment_method=BANK_CARD,
        fulfillment_date=day,
        due_date=day + timedelta(days=8),
        items=[NewItem(description="Kenyér", vat_id=VAT_27, qty=1, unit="db", net_unit_price=price)],
    )
    return (await billingo.invoices.create(invoice, key=f"order-{number}")).id


@broker.task(schedule=[{"interval": 10}])
async def bring_back() -> None:
    """Arrive: workers look for what dead ones have left after they have received something, and only then."""


async def seed(count: int) -> None:
    """Put orders in, as a shop does when they are paid."""
    await broker.startup()
    today = datetime.now(UTC).date().isoformat()
    for number in range(count):
        await make_invoice.kiq(number, f"Vevő {number}", 1250, today)  # type: ignore[call-overload]  # the context comes by itself
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(seed(int(sys.argv[1])))
