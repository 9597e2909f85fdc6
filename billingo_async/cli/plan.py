"""What a run would do, found out before it does anything: the file is checked, the account asked, the sums told.

Nothing is made here but the customers that a run has to have first.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from decimal import Context, Decimal
from pathlib import Path
from typing import Any, Final

from billingo_async import Billingo, BillingoError, ConfigurationError, Journal, NewItem, NewProductItem
from billingo_async.cli.catalogue import Catalogue, Customer
from billingo_async.cli.convert import NUMBER_COLUMNS, decimal_mark, word_or_id
from billingo_async.cli.drafts import Draft, Drafts
from billingo_async.cli.output import money, say, say_json, say_table
from billingo_async.cli.problems import FileError, Position, Problem, ProblemReporter
from billingo_async.cli.progress import bar, each
from billingo_async.cli.running import USAGE, end
from billingo_async.cli.tables import OrderFile

STEP: Final = 50
"""Entries between two looks at what else there is to do: a signal, the bar."""
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

    def add(self, key: str, net: Decimal, vat: Decimal, total: Decimal) -> None:
        """Add one more invoice."""
        self.invoices += 1
        self.net, self.vat = EXACT.add(self.net, net), EXACT.add(self.vat, vat)
        self.gross = EXACT.add(self.gross, total)
        self.smallest, self.largest = min(self.smallest, (total, key)), max(self.largest, (total, key))


@dataclass(slots=True)
class Plan:
    """A file that was checked, and what it comes to."""

    drafts: Drafts
    catalogue: Catalogue
    invoices: int = 0
    made: int = 0
    """Invoices that an earlier run has made under their keys."""
    unpriced: int = 0
    """Invoices whose sums the server alone knows."""
    sums: dict[str, Sums] = field(default_factory=dict[str, Sums])

    def add(self, draft: Draft) -> None:
        """Count one more."""
        self.invoices += 1
        new = draft.invoice
        if any(isinstance(item, NewProductItem) for item in new.items):
            new = new.model_copy(update={"items": [self._priced(item, new.currency) for item in new.items]})
        try:
            totals = new.totals(self.catalogue.rates)
        except ValueError:  # a rate without a value, or a product in another currency
            self.unpriced += 1
        else:
            vat = EXACT.subtract(totals.gross, totals.net)
            self.sums.setdefault(new.currency, Sums()).add(draft.key, totals.net, vat, totals.total)

    def _priced(self, item: NewItem | NewProductItem, currency: str) -> NewItem | NewProductItem:
        """Return the item that a stored product stands for, where its price is known."""
        product = self.catalogue.products.get(item.product_uid) if isinstance(item, NewProductItem) else None
        if product is None or product.price is None or product.vat_id is None or product.currency_code != currency:
            return item
        return NewItem(description="-", unit="-", qty=item.qty, net_unit_price=product.price, vat_id=product.vat_id)

    def show(self, *, err: bool = False) -> None:
        """Tell the sums, which customers are to be made, and of whom the account has another of the same name."""
        rows: list[tuple[str, ...]] = [("", "invoices", "net", "VAT", "gross", "smallest", "largest")]
        for currency, one in sorted(self.sums.items()):
            amounts = [money(amount, currency) for amount in (one.net, one.vat, one.gross)]
            extremes = [f"{money(amount, currency)} ({key})" for amount, key in (one.smallest, one.largest)]
            rows.append((currency, str(one.invoices), *amounts, *extremes))
        say_table(rows, right=frozenset({1, 2, 3, 4}), err=err)
        if self.unpriced:
            say(f"and {self.unpriced} whose sums Billingo alone knows", err=err)
        for customer in self.catalogue.missing[:MAX_NAMED]:
            where = ", ".join(part for part in customer.parts[1:] if part)
            others = ", ".join(str(other.id or "this file's") for other in self.catalogue.namesakes(customer))
            namesake = f"; of that name there is {others} already, with other data" if others else ""
            say(f"customer to be made: {customer.name} ({where}){namesake}", err=err)
        if len(self.catalogue.missing) > MAX_NAMED:
            say(f"and {len(self.catalogue.missing) - MAX_NAMED} customers more to be made", err=err)

    def show_json(self) -> None:
        """Tell all of it to other programs."""
        counts = {"invoices": self.invoices, "made": self.made, "unpriced": self.unpriced}
        customers = [customer.name for customer in self.catalogue.missing]
        sums = {currency: asdict(one) for currency, one in self.sums.items()}
        say_json({"outcome": "right", **counts, "sums": sums, "customers_to_be_made": customers})

    async def make_customers(self, billingo: Billingo) -> None:
        """Make the customers whom the account does not have; none is made twice, whatever is interrupted."""

        async def make(customer: Customer) -> None:
            if customer.new is not None and customer.id is None:
                customer.id = (await billingo.clients.create(customer.new)).id

        await each("customers", make, self.catalogue.missing)


async def check(
    path: Path, billingo: Billingo, *, decimal: str | None = None, as_json: bool = False, journal: Journal | None = None
) -> Plan:
    """Check a file against the account and return what it comes to; tell all that is wrong, and end with `USAGE`.

    With a `journal`, each key is looked up there.
    """
    reporter = ProblemReporter(as_json=as_json)
    plan: Plan | None = None
    failure: BillingoError | None = None
    try:
        file = OrderFile(path)
        names, marks, entries = await _survey(file)
        if decimal and marks - {decimal}:
            what = f"holds numbers with the decimal mark {(marks - {decimal}).pop()!r}; leave out --decimal"
            reporter.report(Problem(file.place, what))
        mark = decimal or (next(iter(marks)) if len(marks) == 1 else None)
        catalogue = Catalogue()
        try:
            await catalogue.load(billingo, **names)
        except BillingoError as error:  # told after what is wrong with the file, which needs no account
            failure = error
        plan = Plan(Drafts(file, catalogue, mark), catalogue)
        with bar("checking", entries) as advance:
            for number, one in enumerate(plan.drafts, 1):
                if isinstance(one, Problem):
                    reporter.report(one)
                elif failure is None:
                    plan.add(one)
                    plan.made += journal is not None and await _is_made(journal, one.key)
                if number % STEP == 0:
                    advance(STEP)
                    await asyncio.sleep(0)
    except FileError as error:
        reporter.report(Problem(Position(path), str(error)))
    reporter.close()
    if reporter.count or plan is None:
        many = "1 mistake" if reporter.count == 1 else f"{reporter.count} mistakes"
        end(USAGE, f"{path} has {many}; nothing was sent")
    if failure is not None:
        raise failure
    return plan


async def _survey(file: OrderFile) -> tuple[dict[str, Any], set[str], int]:
    """Go through the file once: what it asks of the account, its decimal marks where it tells any, how many entries."""
    uids: set[int] = set()
    marks: set[str] = set()
    has_names = has_products = False
    number = 0
    for number, entry in enumerate(file.entries(), 1):
        uid = word_or_id(entry.head.values.get("client_uid"), None)
        if isinstance(uid, int):
            uids.add(uid)
        has_names = has_names or "name" in entry.head.values
        for row in (entry.head, *entry.items):
            has_products = has_products or "product_uid" in row.values
            marks.update(mark for column in NUMBER_COLUMNS if (mark := decimal_mark(row.values.get(column))))
        if number % STEP == 0:
            await asyncio.sleep(0)
    return {"client_uids": uids, "has_names": has_names, "has_products": has_products}, marks, number


async def _is_made(journal: Journal, key: str) -> bool:
    try:
        return (await journal.look_up(key)).invoice is not None
    except ConfigurationError:  # the journal has no such key
        return False
