"""What a run would do, found out before it does anything: the file is checked, the account asked, the sums told.

Nothing is made here but the customers that a run has to have first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import Context, Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from billingo_async import BillingoError, Journal, KeyRecord, NewInvoice, NewItem, NewProductItem, Totals
from billingo_async.cli import columns
from billingo_async.cli.accounts import DRAFT, Service
from billingo_async.cli.drafts import Catalogue, Customer, Draft, Drafts
from billingo_async.cli.files import FileError, OrderFile, Problem, ProblemReporter
from billingo_async.cli.output import bar, money, say, say_json, say_table
from billingo_async.cli.running import USAGE, end
from billingo_async.cli.words import plain

MARKS: Final = {"point": ".", "comma": ","}
STEP: Final = 200
"""Entries between two looks at what else there is to do: the journal, a signal, the bar."""
EXACT: Final = Context(prec=200)
MAX_NAMED: Final = 20
"""Customers that are to be made who are told by name."""


@dataclass(slots=True)
class Sums:
    """What the invoices of one currency come to; the smallest and the largest with their keys."""

    invoices: int = 0
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    smallest: tuple[Decimal, str] = (Decimal("Infinity"), "")
    largest: tuple[Decimal, str] = (Decimal("-Infinity"), "")

    def add(self, key: str, one: Totals) -> None:
        """Add one more invoice."""
        self.invoices += 1
        self.net, self.gross = EXACT.add(self.net, one.net), EXACT.add(self.gross, one.total)
        self.vat = EXACT.add(self.vat, EXACT.subtract(one.gross, one.net))
        self.smallest, self.largest = min(self.smallest, (one.total, key)), max(self.largest, (one.total, key))


@dataclass(slots=True)
class Plan:
    """A file that was checked, and what it comes to."""

    path: Path
    drafts: Drafts
    catalogue: Catalogue
    invoices: int = 0
    made: int = 0
    """Invoices that an earlier run has made under their keys."""
    unpriced: int = 0
    """Invoices whose sums the server alone knows."""
    sums: dict[str, Sums] = field(default_factory=dict[str, Sums])
    missing: dict[Customer, None] = field(default_factory=dict[Customer, None])
    """Customers that are to be made."""
    settled: dict[str, KeyRecord] = field(default_factory=dict[str, KeyRecord])
    """Keys with an invoice that names what the account no longer has: there is nothing to send."""

    async def reckon(self, reporter: ProblemReporter, journal: Journal | None, entries: int) -> None:
        """Go through the file: tell what is wrong, and count and sum up what is right."""
        drafts = iter(self.drafts)
        with bar("checking", entries) as advance:
            while batch := list(islice(drafts, STEP)):
                keys = [draft.key for draft in batch if draft.key is not None]
                records = {} if journal is None else await journal.look_up_many(keys)
                for draft in batch:
                    record = records.get(draft.key or "")
                    made = record if record is not None and record.result is not None else None
                    for problem in draft.problems:
                        if made is None or not problem.is_of_account:
                            reporter.report(problem)
                    if made is not None and (other := self._other_order(draft, made)) is not None:
                        what = f"the key {made.key} stands for {other} already; another order takes another key"
                        reporter.report(Problem(draft.line, what, "key"))
                    if draft.key is not None:
                        self._add(draft, made)
                advance(len(batch))
                await asyncio.sleep(0)

    def _add(self, draft: Draft, record: KeyRecord | None) -> None:
        """Count one more, that may have its invoice already."""
        self.invoices += 1
        customer = draft.customer if draft.customer is not None and draft.customer.id is None else None
        if record is not None:
            self.made += 1
            if draft.is_wrong or customer is not None:
                self.settled[record.key] = record
                return
        if customer is not None:
            self.missing.setdefault(customer)
        if draft.new is None or draft.key is None:
            return
        totals = self._totals(draft.new)
        if totals is None:
            self.unpriced += 1
        else:
            self.sums.setdefault(draft.new.currency, Sums()).add(draft.key, totals)

    def _other_order(self, draft: Draft, record: KeyRecord) -> str | None:
        """Return what the key of an order has made, where that cannot have been this order.

        The journal compares whole requests when they are made; here the customer may be gone, so that there is none.
        """
        service = self.catalogue.service
        if record.operation != f"{service.noun}s.create":
            return f"what {record.operation} has made"
        made, new = service.paper(record.result), draft.new
        name = made.customer or self.catalogue.names.get("client_uid", {}).get(made.customer_id or 0, "")
        is_other = bool(name and draft.name) and plain(draft.name) != plain(name)
        is_other |= draft.customer is not None and draft.customer.id not in {None, made.customer_id}
        totals = None if new is None else self._totals(new)
        if new is not None and totals is not None and made.total is not None:
            tolerance = len(new.items) + new.round_to  # the server's rounding, line by line
            is_other |= new.currency != made.currency or abs(totals.total - made.total) > tolerance
        total = "" if made.total is None else f", {money(made.total, made.currency)} {made.currency}"
        return (
            f"{service.noun} {made.number or DRAFT} of {name or 'a customer who is gone'}{total}" if is_other else None
        )

    def _totals(self, new: NewInvoice) -> Totals | None:
        """Return what an invoice comes to; None for a rate without a value, or a product in another currency."""
        try:
            if any(isinstance(item, NewProductItem) for item in new.items):
                new = new.model_copy(update={"items": [self._priced(item, new.currency) for item in new.items]})
            return new.totals(self.catalogue.rates)
        except ValueError:
            return None

    def _priced(self, item: NewItem | NewProductItem, currency: str) -> NewItem | NewProductItem:
        """Return the item that a stored product stands for, where its price is known."""
        if isinstance(item, NewItem):
            return item
        price, vat, product_currency = self.catalogue.products.get(item.product_uid, (None, None, None))
        if price is None or vat is None or product_currency != currency:
            return item
        rate = self.catalogue.id_of("vat_id", vat)
        return NewItem(description="-", unit="-", qty=item.qty, net_unit_price=price, vat_id=rate)

    def papers(self) -> Iterator[tuple[str, Any]]:
        """Go through what is to be sent, under its keys; raise ValueError where the file has changed since."""
        for draft in self.drafts:
            if draft.key in self.settled:
                continue
            if draft.is_wrong or draft.paper is None:
                raise ValueError(next((each.at(self.path) for each in draft.problems), f"{self.path} is not right"))
            made = draft.customer is not None and draft.customer.new is not None and draft.customer.id
            paper = draft.paper.model_copy(update={self.catalogue.service.customer: made}) if made else draft.paper
            yield str(draft.key), paper

    def show(self, *, err: bool = False, as_json: bool = False, is_dry_run: bool = False) -> None:
        """Tell the sums, which customers are to be made, and of whom the account has another of the same name."""
        if as_json:
            counts = {"invoices": self.invoices, "made": self.made, "unpriced": self.unpriced}
            customers = [customer.name for customer in self.missing]
            sums = {currency: asdict(one) for currency, one in self.sums.items()}
            say_json({"outcome": "right", **counts, "sums": sums, "customers_to_be_made": customers})
            return
        rows: list[tuple[str, ...]] = [("", "invoices", "net", "VAT", "gross", "smallest", "largest")]
        for currency, one in sorted(self.sums.items()):
            amounts = [money(amount, currency) for amount in (one.net, one.vat, one.gross)]
            extremes = [f"{money(amount, currency)} ({key})" for amount, key in (one.smallest, one.largest)]
            rows.append((currency, str(one.invoices), *amounts, *extremes))
        say_table(rows, right=frozenset({1, 2, 3, 4}), err=err)
        if self.unpriced:
            say(f"and {self.unpriced} whose sums Billingo alone knows", err=err)
        for customer in islice(self.missing, MAX_NAMED):
            where = ", ".join(part for part in customer.parts[1:] if part)
            others = ", ".join(str(other.id or "this file's") for other in self.catalogue.namesakes(customer))
            namesake = f"; of that name there is {others} already, with other data" if others else ""
            say(f"customer to be made: {customer.name} ({where}){namesake}", err=err)
        if len(self.missing) > MAX_NAMED:
            say(f"and {len(self.missing) - MAX_NAMED} customers more to be made", err=err)
        if is_dry_run:
            made = f", {self.made} of them made already under their keys" if self.made else ""
            say(f"{self.path}: {self.invoices} invoices{made}, every line is right; nothing was sent")

    async def make_customers(self) -> None:
        """Make the customers whom the account does not have; none is made twice, whatever is interrupted."""
        service = self.catalogue.service
        with bar("customers", len(self.missing)) as advance:
            for customer in self.missing:
                if customer.new is not None:
                    customer.id = (await service.customers.create(service.new_customer(customer.new))).id
                advance(1)


async def check(
    path: Path,
    service: Service,
    block: str | None = None,
    decimal: str | None = None,
    *,
    as_json: bool = False,
    journal: Journal | None = None,
) -> Plan:
    """Check a file against the account and return what it comes to; tell all that is wrong, and end with `USAGE`.

    `block` is that of the invoices that name none, `decimal` the name of the file's decimal mark, where the file does
    not tell. With a `journal`, the keys are looked up there: what is made already needs nothing of the account.
    """
    reporter = ProblemReporter(path, as_json=as_json)
    plan: Plan | None = None
    failure: BillingoError | None = None
    try:
        file = OrderFile(path)
        catalogue = Catalogue(service=service)
        marks, entries = await _survey(file)
        mark = MARKS[decimal] if decimal else next(iter(marks)) if len(marks) == 1 else None
        if decimal and (others := marks - {mark}):
            what = f"holds numbers with the decimal mark {others.pop()!r}; leave out --decimal"
            reporter.report(Problem(None, what))
        plan = Plan(path, Drafts(file, catalogue, mark), catalogue)
        try:
            await catalogue.load(block, has_products=file.is_json or "product_uid" in file.columns)
        except BillingoError as error:  # told after what is wrong with the file, which needs no account
            failure = error
        if not entries:
            remedy = "an invoice a line, as a JSON object" if file.is_json else "one row an item below the column names"
            reporter.report(Problem(None, f"holds no invoice; write {remedy}"))
        await plan.reckon(reporter, journal if failure is None else None, entries)
    except FileError as error:
        reporter.report(Problem(None, str(error)))
    reporter.close()
    if reporter.count or plan is None:
        many = "1 mistake" if reporter.count == 1 else f"{reporter.count} mistakes"
        end(USAGE, f"{path} has {many}; nothing was sent")
    if failure is not None:
        raise failure
    return plan


async def _survey(file: OrderFile) -> tuple[set[str], int]:
    """Go through the file once: its decimal marks where it tells any, and how many entries it has."""
    marks: set[str] = set()
    number = 0
    for number, entry in enumerate(file.entries(), 1):
        for row in (entry.head, *entry.items):
            marks.update(filter(None, (columns.decimal_mark(row.values.get(name)) for name in columns.NUMBER_COLUMNS)))
        if number % STEP == 0:
            await asyncio.sleep(0)
    return marks, number
