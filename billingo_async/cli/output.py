"""What the commands print: text that no terminal obeys, JSON for other programs, sums, and lists that are cut.

Never enters here: what is printed where; that is each command's own.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

import typer
from pydantic import BaseModel

from billingo_async import AsyncPager
from billingo_async.paging import HasId

R = TypeVar("R", bound="HasId")
_INVISIBLE: Final = r"\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
UNSAFE_IN_JSON: Final = re.compile(f"[{_INVISIBLE}]")
UNSAFE: Final = re.compile(rf"[\x00-\x1f{_INVISIBLE}]")
"""What moves a cursor, sets a title, hides or turns what stands beside it; JSON escapes the first of them by itself."""
WHOLE_CURRENCIES: Final = frozenset({"HUF", "JPY"})
"""Currencies whose whole amounts are written without decimals."""


def clean(text: object) -> str:
    """Return text in which control characters, those of direction included, are spelled out."""
    return UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), str(text))


def say(*lines: object, err: bool = False) -> None:
    """Print lines, cleaned."""
    for line in lines:
        typer.echo(clean(line), err=err)


def say_json(value: BaseModel | Mapping[str, Any], *, indent: int | None = None) -> None:
    """Print JSON that is whole under any encoding of the console, and that no terminal obeys."""
    content = value if isinstance(value, dict) else value.model_dump(mode="json", exclude_none=True)  # type: ignore[union-attr]  # a model, if it is no dict
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(content, ensure_ascii=not is_unicode, indent=indent, default=str)
    typer.echo(UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def say_table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset(), err: bool = False) -> None:
    """Print rows, each column as wide as it has to be; those in `right` end alike."""
    cleaned = [[clean(text) for text in texts] for texts in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    for texts in cleaned:
        shown = (
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(texts, widths, strict=True))
        )
        typer.echo("  ".join(shown).rstrip(), err=err)


def money(amount: Decimal | None, currency: str | None = "") -> str:
    """Return an amount with its thousands parted: two decimals, more where it has more, none for whole forints."""
    if amount is None:
        return ""
    exponent = amount.normalize().as_tuple().exponent
    digits = max(-exponent, 0) if isinstance(exponent, int) else 0
    digits = 0 if not digits and currency in WHOLE_CURRENCIES else max(digits, 2)
    return f"{amount:,.{digits}f}".replace(",", " ")


async def first_of(rows: AsyncPager[R], limit: int, matches: Callable[[R], bool]) -> list[R]:
    """Return the first of a list that are wanted, and say so if they are not all."""
    shown: list[R] = []
    async for row in rows:
        if matches(row):
            shown.append(row)
        if len(shown) > limit:
            say(f"billingo-async: only the first {limit} are shown; --limit shows more", err=True)
            break
    return shown[:limit]


def made_fields(result: Any) -> dict[str, Any]:
    """Return how other programs are told of an invoice or document that was made, or of none."""
    number = getattr(result, "invoice_no", None) or getattr(result, "invoice_number", None)
    return {"invoice": getattr(result, "id", None), "invoice_no": number}


def made_words(result: Any) -> str:
    """Return it as a person asks for it: by its number; and by its id, as the commands do."""
    fields = made_fields(result)
    return f"invoice {fields['invoice_no'] or '(draft)'}, id {fields['invoice']}"
