"""A shop's orders in procrastinate: a job for each paid order, an invoice for each job, whatever is killed.

`python procrastinate_shop.py seed 300` puts orders in, `python procrastinate_shop.py work` is a worker: start several.
The engine's jobs live in `DATABASE_URL` (`postgresql://…`), the keys in `JOURNAL_URL` (`postgresql+asyncpg://…`).
"""

import asyncio
import os
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job

from billingo_async import Address, Billingo, BillingoError, Journal, NewClient, NewInvoice, NewItem

BANK_CARD, VAT_27 = 5, 1  # as `payment_methods.list()` and `vat.list()` name them
MAX_ATTEMPTS = 60
app = App(connector=PsycopgConnector(conninfo=os.environ["DATABASE_URL"]))


class WhileWorthIt(BaseRetryStrategy):
    """Run a job again while another end is possible: after an outage, not after an order that Billingo refuses."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait ten seconds where it is worth it."""
        again = isinstance(exception, BillingoError) and exception.worth_retrying and job.attempts < MAX_ATTEMPTS
        return RetryDecision(retry_in={"seconds": 10}) if again else None


@app.task(name="invoice", retry=WhileWorthIt(), pass_context=True)
async def make_invoice(context: JobContext, number: int, customer: str, price: int, paid_on: str) -> int:
    """Make the invoice of an order: the key is the order's, the day is the order's, and what returns is an id."""
    billingo = cast("Billingo", context.additional_context["billingo"])  # pyright: ignore[reportUnknownMemberType]  # a bare dict
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


@app.periodic(cron="* * * * * */10")
@app.task(name="bring back", queueing_lock="bring back")
async def bring_back(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for when this was due
    """Give the jobs of dead workers to the living: procrastinate does not do so by itself."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


async def seed(count: int) -> None:
    """Put orders in, as a shop does when they are paid."""
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        order: dict[str, Any] = {"price": 1250, "paid_on": datetime.now(UTC).date().isoformat()}
        orders = ({**order, "number": number, "customer": f"Vevő {number}"} for number in range(count))
        await make_invoice.batch_defer_async(*orders)


async def work() -> None:
    """Make invoices until a signal ends it."""
    async with app.open_async(), Billingo(journal=Journal(os.environ["JOURNAL_URL"])) as billingo:
        await app.run_worker_async(concurrency=20, additional_context={"billingo": billingo})


if __name__ == "__main__":
    asyncio.run(seed(int(sys.argv[2])) if sys.argv[1] == "seed" else work())
