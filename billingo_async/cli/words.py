"""The words that people call an account's things by: payment methods, rates of VAT, blocks, products, customers.

One set of words serves the files and the commands over either API. Never enters here: how an account is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from billingo_async import Entitlement
from billingo_async.cli.columns import TAKES, shown

METHODS: Final = {
    "cash": "1, Készpénz, Cash, Barzahlung",
    "wire_transfer": "2, Átutalás, Wiretransfer, Überweisung, transfer",
    "cash_on_delivery": "4, Utánvét, Cash on Delivery, Nachnahme",
    "bankcard": "5, Bankkártya, Bankcard, Bankkarte, card",
    "szep_card": "SZÉP kártya, SZEP card, SZÉP-Karte",
    "postai_csekk": "Postai csekk, Postal check, Postscheck",
    "kompenzacio": "Kompenzáció, Compensation, Kompensation",
    "ep_kartya": "Egészségpénztári kártya, Health insurance card, Gesundheitskassenkarte",
    "coupon": "Kupon, Coupon, Gutschein",
    "utalvany": "Utalvány, Voucher, Wertgutschein",
}
"""What the payment methods are called, by their names in API v3; numbers are their ids in API v2, where it tells them.

Source: API docs, Payment methods.
"""
RATE_OF_EXEMPT: Final = {word.value: "eu" if word == Entitlement.KBAET else "am" for word in Entitlement}
"""The rate of an exemption, where the account has none of its name. Source: API docs, VAT, Entitlements."""


@dataclass(slots=True)
class AccountWords:
    """The ids of an account by the words that people call them. Those that were never loaded let all pass."""

    is_loaded: bool = False
    rates: dict[int, Decimal] = field(default_factory=dict[int, "Decimal"])
    only_block: int | None = 0
    """The block of those that name none; None where the API has no such block."""
    names: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    """By column and id, what it is called first."""
    words: dict[str, dict[str, list[int]]] = field(default_factory=dict[str, dict[str, list[int]]])
    """By column and word, ids among them, the ids that it may mean."""

    def add(self, column: str, id: int, *names: object) -> None:
        """Know an id of the account by its names; an id among them is a name that a file may write, too."""
        words = self.words.setdefault(column, {})
        for name in [name for name in names if name is not None and name != ""]:
            if not isinstance(name, int):
                self.names.setdefault(column, {}).setdefault(id, str(name))
            if id not in words.setdefault(plain(name), []):
                words[plain(name)].append(id)

    def add_rate(self, id: int, value: Decimal | None, *names: object) -> None:
        """Know a rate of VAT, by its value as well: 5% is found where no rate is called so."""
        self.add("vat_id", id, *names)
        if value is not None:
            self.rates[id] = value
            self.add("by_value", id, f"{format((value * 100).normalize(), 'f')}%")

    def id_of(self, column: str, value: object) -> int:
        """Return the id that a cell means.

        Raises:
            ValueError: If the account has none of that name or number, or several of that name.

        """
        if not self.is_loaded:
            return value if isinstance(value, int) else 1
        column = {"vat": "vat_id"}.get(column, column)
        words = self.words.get(column, {})
        matches = words.get(plain(value))
        if not matches and column == "vat_id":
            by_value = self.words.get("by_value", {})
            matches = by_value.get(plain(value)) or words.get(RATE_OF_EXEMPT.get(str(value).upper(), ""))
        if not matches:
            names = self.names.get(column, {}).values()
            takes = TAKES[column] if column in {"client_uid", "product_uid"} else f"one of {', '.join(names)}"
            raise ValueError(f"holds {shown(value)}, which the account does not have; it takes {takes}")
        if len(matches) > 1:
            ids = ", ".join(map(str, matches))
            raise ValueError(f"holds {shown(value)}, of which the account has several (ids {ids}); write the id")
        return matches[0]


def plain(value: object) -> str:
    """Return a name without what people write now so, now so: case, and space that is doubled or stands before a %."""
    return " ".join(str(value).split()).casefold().replace(" %", "%")
