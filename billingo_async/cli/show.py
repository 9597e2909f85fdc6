"""What the demo shows: progress while it runs, then a table, sums and files; plain lines where no terminal is."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from billingo_async import InvoiceStatus, InvoiceType

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from billingo_async import Invoice

_PLAIN_WIDTH: Final = 132
_CUSTOMER: Final = 1  # the place of the column
_SUMS: Final = (2, 5)
_STATUS: Final = {
    InvoiceStatus.PAID: ("paid", "green"),
    InvoiceStatus.UNPAID: ("unpaid", "default"),
    InvoiceStatus.CANCELED: ("canceled", "red"),
}


def make_console() -> Console:
    """A console on standard output: as wide as the terminal, or wide enough for a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=_PLAIN_WIDTH, no_color=True)


@dataclass(slots=True)
class _Sums:
    """What one currency comes to."""

    count: int = 0
    gross: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)


@dataclass(slots=True)
class Display:
    """A terminal, or what stands in for one, and the clock that times the phases."""

    console: Console = field(default_factory=make_console)
    started: float = field(default_factory=perf_counter)

    @contextmanager
    def phase(self, title: str, total: int) -> Generator[Callable[[], None]]:
        """A progress bar while the phase runs, then a line with count and seconds; an empty phase shows nothing."""
        began = perf_counter()
        steps = 0
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        hidden = not self.console.is_terminal or not total
        with Progress(*columns, console=self.console, transient=True, disable=hidden) as progress:
            task = progress.add_task(title, total=total)

            def advance() -> None:
                nonlocal steps
                steps += 1
                progress.advance(task)

            yield advance
        if steps:
            self.console.print(f"{title:<40} {steps:>5} {perf_counter() - began:>8.2f} s", highlight=False)

    def say(self, line: str) -> None:
        """One line, exactly as it is, never broken: it may be a path or a command to be copied."""
        self.console.print(escape(line), soft_wrap=True, highlight=False)

    def invoices(self, invoices: Iterable[Invoice]) -> None:
        """The table of all invoices, and below it the sums of those in force, by currency."""
        rows = sorted(invoices, key=lambda invoice: (invoice.invoice_no or "", invoice.id))
        # on a narrow terminal names give way (…), numbers never do; in a file nothing is cut
        table = self._table("Number", "Customer", "Gross", "", "Status", "Paid")
        for position, column in enumerate(table.columns):
            column.no_wrap = position != _CUSTOMER
            column.justify = "right" if position in _SUMS else "left"
        for invoice in rows:
            told, colour = _status(invoice)
            customer = invoice.client.name if invoice.client else None
            table.add_row(
                invoice.invoice_no or "",
                Text(customer or "", no_wrap=self.console.is_terminal, overflow="ellipsis"),
                _money(invoice.total or Decimal(0), invoice.currency),
                invoice.currency,
                f"[{colour}]{told}[/]",
                _money(invoice.total_paid, invoice.currency) if invoice.total_paid and _in_force(invoice) else "",
            )
        self.console.print(table)
        self.console.print(self._sums(rows))

    def files(self, files: Iterable[Path]) -> None:
        """The saved papers, one a line."""
        for file in files:
            self.say(f"  {file}")

    def closing(self) -> None:
        """How long it all took."""
        self.say(f"All of it took {perf_counter() - self.started:.1f} s.")

    def _sums(self, invoices: Iterable[Invoice]) -> Table:
        sums: defaultdict[str, _Sums] = defaultdict(_Sums)
        for invoice in invoices:
            if _in_force(invoice):
                of = sums[invoice.currency or ""]
                of.count += 1
                of.gross += invoice.total or 0
                of.paid += invoice.total_paid or 0
        table = self._table("Currency", "In force", "Gross", "Paid")
        for column in table.columns[1:]:
            column.justify = "right"
        for currency, of in sorted(sums.items()):
            table.add_row(currency, str(of.count), _money(of.gross, currency), _money(of.paid, currency))
        return table

    def _table(self, *heads: str) -> Table:
        style = box.SIMPLE_HEAD if self.console.is_terminal else None
        return Table(*heads, box=style, pad_edge=False, collapse_padding=True, header_style="bold")


def _in_force(invoice: Invoice) -> bool:
    """Whether it asks for money: no proforma or draft, not canceled, and not the one that cancels."""
    asks = invoice.type not in {InvoiceType.PROFORMA, InvoiceType.DRAFT}
    return asks and invoice.status != InvoiceStatus.CANCELED and not invoice.is_cancel_invoice


def _status(invoice: Invoice) -> tuple[str, str]:
    """What became of an invoice, and the colour that says so."""
    if invoice.type == InvoiceType.PROFORMA:
        return "proforma", "cyan"
    if invoice.is_cancel_invoice:
        return "cancelling", "red"
    if invoice.total_paid and invoice.status == InvoiceStatus.UNPAID:
        return "partly paid", "yellow"
    for status, shown in _STATUS.items():
        if invoice.status == status:
            return shown
    return str(invoice.status), "default"


def _money(amount: Decimal, currency: str | None) -> str:
    """A sum with its thousands parted: two decimals, none for whole forints."""
    whole = currency == "HUF" and amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount:,.2f}"
