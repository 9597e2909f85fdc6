"""Writes the page of all operations when the documentation is built, from the table that decides what is repeated.

The Python calls are found on the face of the library: a row whose call is gone stops the build.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import billingo_async
from billingo_async.protocol.call import Effect
from billingo_async.v2 import operations
from billingo_async.v2.api import DEFAULT_PDF_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from properdocs.config.defaults import MkDocsConfig
    from properdocs.structure.files import Files

    from billingo_async.protocol.call import Operation

OPENING = """\
---
hide: [toc]
---

# Operations: what is ever repeated, and what never is

Every call that this library can make, one a row. The page is made from the very table that the library decides by,
so it cannot say anything else than what happens.

Lines drop and servers fail. Then nobody can tell whether the request arrived, and the question is: may it be sent
again? The column *effect* answers it.

| effect | what a second time would do | when the line drops |
| --- | --- | --- |
{effects}

In the words of a bookkeeper:

- **Never made twice by itself:** {once}.
  If the library cannot learn what became of such a request, it does not send another one but says so with
  [`OutcomeUnknownError`][billingo_async.OutcomeUnknownError]. A person, or the [journal of keys](guides/bulk.md), then
  looks before anything is sent again.
- **Sent again without a question:** only where the server certainly did nothing. It could not be reached at all, it
  said that it was too busy and had not touched the request, or it turned the token away because of its times.
- **Repeated freely:** whatever only reads, and what leaves the same state however often it is done, such as writing a
  customer's new address.
- **The HTTP method does not tell.** {getters} are GET requests, and each of them makes something.

How long the library tries is up to you (`max_retries`, `max_wait`).
[Why it works so](explanation/effects.md) is another page.

<div class="operations" markdown>
"""

EFFECTS = {
    Effect.READ: ("nothing: it only reads", "tried again, up to `max_retries` times"),
    Effect.SAME: ("nothing more: the same state as after the first", "tried again, up to `max_retries` times"),
    Effect.ONCE: (
        "harm: a second invoice, e-mail, payment or record",
        "**never sent again**: `OutcomeUnknownError`",
    ),
}
"""What each effect means to a reader: a second time, a dropped line."""

MADE = {
    "invoices.create": "an invoice",
    "invoices.cancel": "a cancellation",
    "invoices.generate": "the invoice of a proforma",
    "invoices.send": "an e-mail to a customer",
    "invoices.pay": "a payment",
    "invoices.undo_payment": "the taking back of a payment",
    "clients.create": "a customer whom `force=True` doubles",
    "products.create": "a product",
    "expenses.create": "an expense",
    "bank_accounts.create": "a bank account",
    "recurring.create": "a recurring profile",
}
"""What each operation that must not happen twice makes, in plain words; a test holds it against the table."""

NOUNS = {
    "invoices": "Invoices",
    "clients": "Clients (customers)",
    "products": "Products",
    "expenses": "Expenses",
    "bank_accounts": "Bank accounts",
    "payment_methods": "Payment methods",
    "vat": "Value added tax",
    "currencies": "Currencies",
    "user": "The account",
    "recurring": "Recurring profiles (withdrawn by the vendor)",
    "time": "The server's clock",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page to the documentation."""
    from properdocs.structure.files import File  # noqa: PLC0415 - the tests read the page where properdocs is not installed

    files.append(File.generated(config, "operations.md", content=page()))
    return files


def page() -> str:
    """Return the page."""
    once = [row for row in operations.TABLE if row.effect is Effect.ONCE]
    getters = [f"`{row.name}`" for row in once if row.method == "GET"]
    parts = [
        OPENING.format(
            effects="\n".join(f"| **{effect}** | {again} | {drop} |" for effect, (again, drop) in EFFECTS.items()),
            once=", ".join(dict.fromkeys(MADE[row.name] for row in once)),
            getters=f"{', '.join(getters[:-1])} and {getters[-1]}",
        )
    ]
    for noun, title in NOUNS.items():
        rows = [row for row in operations.TABLE if row.name.partition(".")[0] == noun]
        parts.append(f"## {title}\n\n| operation | request | effect | limit | call |\n| --- | --- | --- | --- | --- |")
        parts.append("\n".join(map(_line, rows)) + "\n")
    return "\n".join([*parts, "</div>\n"])


def _line(row: Operation[Any]) -> str:
    effect = f"**{row.effect}**" if row.effect is Effect.ONCE else str(row.effect)
    limit = f"{DEFAULT_PDF_LIMIT.count} in {DEFAULT_PDF_LIMIT.per:g} s" if row.limit is not None else ""
    shown = "<br>".join(f"`{call}`" for call in calls(row))
    return f"| `{row.name}` | `{row.method} {row.path}` | {effect} | {limit} | {shown} |"


def calls(row: Operation[Any]) -> list[str]:
    """Return the Python calls that carry out a row, the one of the row's own name first.

    Raises AttributeError if the face of the library has none of that name.
    """
    noun, _, verb = row.name.partition(".")
    if not verb:
        return [_shown("billingo", billingo_async.Billingo.server_time)]
    face = _face(noun)
    named = getattr(face, verb)
    others = [method for method in _methods(face) if method is not named and _uses(method, row)]
    forced = {"new": "NewClient(…, force=True)"} if row is operations.CLIENTS_FORCE else {}
    return [_shown(f"billingo.{noun}", method, forced) for method in (named, *others)]


def _face(noun: str) -> type[Any]:
    """Return the class of `billingo.<noun>`, by what `Billingo` says of itself."""
    kind = inspect.get_annotations(billingo_async.Billingo)[noun]
    found: type[Any] = getattr(inspect.getmodule(billingo_async.Billingo), kind)
    return found


def _methods(face: type[Any]) -> Iterator[Any]:
    return (method for name, method in inspect.getmembers(face, inspect.isfunction) if not name.startswith("_"))


def _uses(method: Any, row: Operation[Any]) -> bool:
    """Tell whether a method names the row in its source."""
    constant = next(name for name, value in vars(operations).items() if value is row)
    return f"operations.{constant}." in inspect.getsource(method)


def _shown(owner: str, method: Any, forced: dict[str, str] | None = None) -> str:
    """Return a call with what it needs: models by their name, everything optional left out."""
    given: list[str] = []
    for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
        if parameter.default is not parameter.empty:
            continue
        kind = str(parameter.annotation)
        value = (forced or {}).get(name) or (f"{kind}(…)" if hasattr(billingo_async, kind) else name)
        given.append(f"{name}=…" if parameter.kind is parameter.KEYWORD_ONLY else value)
    return f"{owner}.{method.__name__}({', '.join(given)})"
