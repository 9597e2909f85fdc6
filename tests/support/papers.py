"""What stands on a PDF, read back."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """Return the words of all pages, one blank between two."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
