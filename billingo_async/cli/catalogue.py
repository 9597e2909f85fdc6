"""The ids behind the words of a file: rates of VAT, payment methods, blocks, products and customers of the account.

Never enters here: how a file is read. Nothing is made here but the customers that a run asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from billingo_async import Billingo, Client, Entitlement, NewClient, NotFoundError, Product
from billingo_async.cli.columns import TAKES
from billingo_async.cli.convert import shown

LANGUAGES: Final = ("hu", "en", "de")
"""In which Billingo names its payment methods. Source: API docs, Payment methods."""
MAX_SINGLE_READS: Final = 50
"""Customers that are asked for one by one; of more, the whole list is read."""
WITHIN_EU: Final = frozenset({Entitlement.KBAET})
RATE_OF_EXEMPT: Final[Mapping[str, str]] = {word.value: "eu" if word in WITHIN_EU else "am" for word in Entitlement}
"""The rate of an exemption, where the account has none of its name. Source: API docs, VAT, Entitlements."""
PARTS: Final = ("taxcode", "postcode", "city", "street_name", "street_type", "house_nr")
"""What tells customers of one name apart."""


@dataclass(slots=True)
class Customer:
    """A customer of the account, or one that is to be made: then `id` is None until it is."""

    name: str
    parts: tuple[str, ...]
    id: int | None = None
    new: NewClient | None = None


@dataclass(slots=True)
class Catalogue:
    """What the account has, by the words that people call it. An empty one, which was never loaded, lets all pass."""

    is_loaded: bool = False
    rates: dict[int, Decimal] = field(default_factory=dict[int, "Decimal"])
    products: dict[int, Product] = field(default_factory=dict[int, "Product"])
    missing: list[Customer] = field(default_factory=list[Customer])
    """Customers that are to be made."""
    _words: dict[str, dict[str, list[int]]] = field(default_factory=dict[str, dict[str, list[int]]])
    """By column and word, ids among them, the ids that it may mean."""
    _customers: dict[str, list[Customer]] = field(default_factory=dict[str, list[Customer]])

    async def load(self, billingo: Billingo, client_uids: set[int], *, has_names: bool, has_products: bool) -> None:
        """Ask the account for everything that a file may name; nothing is changed."""
        for rate in await billingo.vat.list():
            self._add("vat_id", rate.id, rate.description)
            if rate.value is not None:
                self.rates[rate.id] = rate.value
        by_value: dict[str, list[int]] = {}
        for id_, value in self.rates.items():  # 5% by its value, where no rate is called so
            by_value.setdefault(f"{format((value * 100).normalize(), 'f')}%", []).append(id_)
        self._words["vat"] = self._words["vat_id"] = {**by_value, **self._words.get("vat_id", {})}
        for language in LANGUAGES:
            for method in await billingo.payment_methods.list(language):
                self._add("payment_method", method.id, method.name)
        self._add("block_uid", 0)
        for block in await billingo.invoices.blocks():
            self._add("block_uid", block.id, block.prefix, block.name)
        if has_products:
            async for product in billingo.products.list():
                self._add("product_uid", product.id, product.name, product.product_code)
                self.products[product.id] = product
        await self._load_customers(billingo, client_uids, has_names=has_names)
        self.is_loaded = True

    async def _load_customers(self, billingo: Billingo, client_uids: set[int], *, has_names: bool) -> None:
        if has_names or len(client_uids) > MAX_SINGLE_READS:
            async for client in billingo.clients.list():
                self._add_client(client)
        else:
            for uid in client_uids:
                with suppress(NotFoundError):
                    self._add_client(await billingo.clients.get(uid))

    def _add(self, column: str, id: int, *names: str | None) -> None:
        words = self._words.setdefault(column, {})
        for name in {_plain(name) for name in (id, *names) if name is not None}:
            if id not in words.setdefault(name, []):
                words[name].append(id)

    def _add_client(self, client: Client) -> None:
        address = client.billing_address
        values = {part: getattr(client if part == "taxcode" else address, part, None) for part in PARTS}
        self._add("client_uid", client.id)
        name = client.name or ""
        self._customers.setdefault(_plain(name), []).append(Customer(name, _parts(values), client.id))

    def id_of(self, column: str, value: object) -> object:
        """Return the id that a cell means.

        Raises:
            ValueError: If the account has none of that name or number, or several of that name.

        """
        if not self.is_loaded:
            return value if isinstance(value, int) else 1
        words = self._words.get(column, {})
        matches = words.get(_plain(value)) or words.get(RATE_OF_EXEMPT.get(str(value).upper(), ""))
        if not matches:
            raise ValueError(f"holds {shown(value)}, which the account does not have; it takes {TAKES[column]}")
        if len(matches) > 1:
            ids = ", ".join(map(str, matches))
            raise ValueError(f"holds {shown(value)}, of which the account has several (ids {ids}); write the id")
        return matches[0]

    def customer(self, values: Mapping[str, object], make: Callable[[], NewClient | None]) -> Customer | None:
        """Return who is meant by a name and what stands beside it; one that `make` makes is to be made in the account.

        Raises:
            ValueError: If the account has several who may be meant.

        """
        name, parts = str(values["name"]), _parts(values)
        namesakes = self._customers.setdefault(_plain(name), [])
        matches = [
            each
            for each in namesakes
            if all("" in pair or len({*pair}) == 1 for pair in zip(parts, each.parts, strict=True))
        ]
        if len(matches) > 1:
            ids = ", ".join(sorted(str(each.id or "one to be made") for each in matches))
            raise ValueError(f"holds {shown(name)}, of whom there are several (ids {ids}); write client_uid instead")
        if matches:
            return matches[0]
        new = make()
        if new is None:
            return None
        customer = Customer(name, parts, None, new)
        namesakes.append(customer)
        self.missing.append(customer)
        return customer

    def namesakes(self, customer: Customer) -> list[Customer]:
        """Return the others who are called so."""
        return [each for each in self._customers[_plain(customer.name)] if each is not customer]


def _plain(value: object) -> str:
    """Return a name without what people write now so, now so: case, and space that is doubled or stands before a %."""
    return " ".join(str(value).split()).casefold().replace(" %", "%")


def _parts(values: Mapping[str, object]) -> tuple[str, ...]:
    tax = re.sub(r"\W", "", str(values.get("taxcode") or "")).casefold()
    return (tax, *(_plain(values.get(part) or "") for part in PARTS[1:]))
