"""The ids behind the words of a file: rates of VAT, payment methods, blocks, products and customers of the account.

Never enters here: how a file is read. Nothing is made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from billingo_async import Entitlement, NewClient
from billingo_async.cli.columns import TAKES, shown, word_or_id
from billingo_async.cli.papers import Words, plain
from billingo_async.cli.running import USAGE, end
from billingo_async.cli.services import Service

RATE_OF_EXEMPT: Final[Mapping[str, str]] = {
    word.value: "eu" if word == Entitlement.KBAET else "am" for word in Entitlement
}
"""The rate of an exemption, where the account has none of its name. Source: API docs, VAT, Entitlements."""
STREET: Final = ("street_name", "street_type", "house_nr")


@dataclass(slots=True)
class Customer:
    """A customer of the account, or one that is to be made: then `id` is None until it is."""

    name: str
    parts: tuple[str, ...]
    """What tells customers of one name apart: tax number, postcode, city, street."""
    id: int | None = None
    new: NewClient | None = None
    is_missing: bool = False


@dataclass(slots=True)
class Catalogue(Words):
    """The words of an account, its products and customers. An empty one, which was never loaded, lets all pass."""

    service: Service = field(kw_only=True)
    is_loaded: bool = False
    products: dict[int, tuple[Decimal | None, object, object]] = field(default_factory=dict[int, Any])
    """By id: the net price of one, the rate of VAT, the currency."""
    customer_names: dict[int, str] = field(default_factory=dict[int, str])
    _customers: dict[str, list[Customer]] = field(default_factory=dict[str, list[Customer]])

    async def load(self, block: str | None = None, *, has_products: bool = False) -> None:
        """Ask the account for everything that a file may name; nothing is changed."""
        service = self.service
        await service.load(self)
        if has_products:
            async for product in service.billingo.products.list():
                self.add("product_uid", product.id, product.id, product.name, getattr(product, "product_code", None))
                self.products[product.id] = service.price(product)
        async for one in service.customers.list():
            self.add("client_uid", one.id, one.id)
            customer = Customer(one.name or "", _parts(service.parts(one)), one.id)
            self.customer_names[one.id] = customer.name
            self._customers.setdefault(plain(customer.name), []).append(customer)
        self.is_loaded = True
        if block is not None:
            try:
                self.only_block = self.id_of("block_uid", word_or_id(block, None))
            except ValueError as error:
                end(USAGE, f"--block {error}")

    def id_of(self, column: str, value: object) -> int:
        """Return the id that a cell means.

        Raises:
            ValueError: If the account has none of that name or number, or several of that name.

        """
        if not self.is_loaded:
            return value if isinstance(value, int) else 1
        matches = next(filter(None, self._matches("vat_id" if column == "vat" else column, value)), None)
        if not matches:
            names = self.names.get("vat_id" if column == "vat" else column, {}).values()
            takes = TAKES[column] if column in {"client_uid", "product_uid"} else f"one of {', '.join(names)}"
            raise ValueError(f"holds {shown(value)}, which the account does not have; it takes {takes}")
        if len(matches) > 1:
            ids = ", ".join(map(str, matches))
            raise ValueError(f"holds {shown(value)}, of which the account has several (ids {ids}); write the id")
        return matches[0]

    def _matches(self, column: str, value: object) -> Iterator[list[int] | None]:
        words = self.words.get(column, {})
        yield words.get(plain(value))
        if column == "vat_id":
            yield self.words.get("by_value", {}).get(plain(value))
            yield words.get(RATE_OF_EXEMPT.get(str(value).upper(), ""))

    def customer(self, values: Mapping[str, object], make: Callable[[], NewClient | None]) -> Customer | None:
        """Return who is meant by a name and what stands beside it; one that `make` makes is to be made in the account.

        Raises:
            ValueError: If the account has several who may be meant.

        """
        name, parts = str(values["name"]), _parts(values)
        namesakes = self._customers.setdefault(plain(name), [])
        matches = [each for each in namesakes if all(map(_agree, parts, each.parts))]
        if len(matches) > 1:
            ids = ", ".join(sorted(str(each.id or "one to be made") for each in matches))
            raise ValueError(f"holds {shown(name)}, of whom there are several (ids {ids}); write client_uid instead")
        if matches:
            return matches[0]
        if (new := make()) is None:
            return None
        namesakes.append(Customer(name, parts, None, new))
        return namesakes[-1]

    def namesakes(self, customer: Customer) -> list[Customer]:
        """Return the others who are called so."""
        return [each for each in self._customers[plain(customer.name)] if each is not customer]


def _parts(values: Mapping[str, object]) -> tuple[str, ...]:
    tax = re.sub(r"\W", "", str(values.get("taxcode") or "")).casefold()
    street = " ".join(str(values.get(part) or "") for part in STREET)
    return (tax, *(plain(part or "") for part in (values.get("postcode"), values.get("city"), street)))


def _agree(first: str, second: str) -> bool:
    """Tell whether one says the same as the other, or the beginning of it, word by word."""
    return all(one == other for one, other in zip(first.split(), second.split(), strict=False))
