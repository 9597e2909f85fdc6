"""Names of files: filled in, safe on every file system, never out of the folder."""

from __future__ import annotations

import pytest

from billingo_async import Invoice
from billingo_async.transport.download_folder import MAX_NAME_BYTES, NameTemplate


def template(text: str) -> NameTemplate:
    """Return the template of an invoice's file name."""
    return NameTemplate(text, Invoice.model_fields)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("TST2026-000001", "TST2026-000001.pdf"),
        ("TST/2026/1", "TST-2026-1.pdf"),
        ("..\\..\\etc/passwd", "-..-etc-passwd.pdf"),
        ("../../x", "-..-x.pdf"),
        ("con", "_con.pdf"),
        ("LPT1", "_LPT1.pdf"),
        ("a:b*c?d\x00", "a-b-c-d-.pdf"),
        ("Őr", "Őr.pdf"),
    ],
)
def test_safe(number: str, name: str) -> None:
    """Separators, device names, marks of a shell and control characters become harmless; letters stay."""
    assert template("{prefixed_invoice_no}.pdf").name({"prefixed_invoice_no": number}) == name


def test_long() -> None:
    """A name is cut to what file systems take, in whole characters, and keeps its extension."""
    name = template("{comment}.pdf").name({"comment": "ő" * 500})
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name == "ő" * 98 + ".pdf"


def test_nothing_left() -> None:
    """A template that leaves nothing is an error, not a hidden file."""
    with pytest.raises(ValueError, match="leaves nothing"):
        template("{comment}").name({"comment": " .. "})


@pytest.mark.parametrize("text", ["", "invoice.pdf", "{no}.pdf", "{0}.pdf", "{client.name}", "a/{id}.pdf", "{id"])
def test_templates_that_are_none(text: str) -> None:
    """A template without a field, with an unknown one, or with a separator is refused at once."""
    with pytest.raises(ValueError, match="name must be a template such as"):
        template(text)


def test_id_needs_no_invoice() -> None:
    """With the id alone no invoice has to be read."""
    assert not template("{id:010d}.pdf").needs_document
    assert template("{id:010d}.pdf").name({"id": 42}) == "0000000042.pdf"
    assert template("{invoice_no}.pdf").needs_document
