"""From an invoice to the name of its file: a template, filled in, made safe for every file system. Touches no disk."""

from __future__ import annotations

import re
from pathlib import PurePath
from string import Formatter
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from billingo_async.v2.models import Invoice

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
"""What some file system gives a meaning to."""
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Windows' devices, whatever their extension."""
MAX_NAME_BYTES: Final = 200
"""Bytes: a name may have 255, and a download in progress adds some."""


class NameTemplate:
    """A template such as `{prefixed_invoice_no}.pdf`, checked before anything is asked for."""

    def __init__(self, template: str) -> None:
        """Raise ValueError for one that names no field of an invoice, or would lead out of the folder."""
        self._template = template
        try:
            parts = list(Formatter().parse(template))
        except (ValueError, TypeError):
            parts = []
        self._fields = [field for _, field, _, _ in parts if field is not None]
        unknown = [field for field in self._fields if field not in Invoice.model_fields]
        if not self._fields or unknown or any(UNSAFE.search(literal) for literal, *_ in parts):
            wrong = f"{unknown[0]!r} is no field of an invoice" if unknown else "it needs a field, and no separators"
            msg = f"name must be a template such as '{{prefixed_invoice_no}}.pdf' or '{{id}}.pdf', got {template!r:.60}"
            raise ValueError(f"{msg}: {wrong}")

    @property
    def needs_invoice(self) -> bool:
        """False if the id alone is enough."""
        return any(field != "id" for field in self._fields)

    def missing(self, invoice: Invoice) -> list[str]:
        """Return the fields that the invoice does not tell."""
        return [field for field in self._fields if getattr(invoice, field) in {None, ""}]

    def name(self, values: Mapping[str, object]) -> str:
        """Return the safe name for these fields; raise ValueError where nothing is left of it."""
        name = normalize("NFC", UNSAFE.sub("-", self._template.format_map(values))).strip().rstrip(". ").lstrip(".")
        if RESERVED.fullmatch(name):
            name = f"_{name}"
        stem, suffix = PurePath(name).stem, PurePath(name).suffix
        short_stem = stem.encode()[: MAX_NAME_BYTES - len(suffix.encode())].decode(errors="ignore")
        if not short_stem.strip():
            raise ValueError(f"the template {self._template!r:.60} leaves nothing of the name")
        return short_stem + suffix
