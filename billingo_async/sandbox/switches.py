"""What the documentation of v3 leaves open, as one frozen value; each default is the more dangerous answer.

Source: the unknowns of the v3 reference. The page "The sandbox's switches" of the documentation says more of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How v3's counter answers where nothing public says how the real one does.

    Example:
        `sandbox.switches = Switches(second_cancel="refuse", vendor_id_lag=2.0)`
    """

    second_cancel: Literal["storno", "refuse"] = "storno"
    """A second cancel of one document: another storno, or a refusal with 422."""
    second_from_proforma: Literal["issue", "refuse"] = "issue"
    """A second document from one proforma: another document, or a refusal with 422."""
    not_a_draft_status: int = 422
    """The status for issuing or deleting a document that is no draft: 400, 403 or 422."""
    vendor_id_unique: bool = False
    """Whether a second document with the same `vendor_id` is refused with 422."""
    vendor_id_lag: float = 0.0
    """For so many seconds after it was made, a document is not found by its `vendor_id`."""
    vendor_id_answer: Literal["newest", "oldest"] = "newest"
    """Which document a `vendor_id` leads to that several have."""
    vendor_id_hides: frozenset[str] = frozenset()
    """Types of documents that are not found by their `vendor_id`, such as `draft`."""
    foreign_row_status: int = 403
    """The status for another profile's row: 403 or 404."""
    subscription: bool = True
    """Without one, everything is answered with 402."""
    quota_left: int | None = None
    """How many more documents the month's quota allows; beyond it, 400 and a Hungarian text."""
    rate_headers: Literal["none", "limit", "all"] = "none"
    """Which rate headers an answer has: none, as seen in 2026; two, as in 2024; all four, as documented."""
    retry_after: bool = False
    """Whether a 429 says when to come back."""
    line_digits: int | None = 2
    """The decimals to which the sums of a line are rounded; None leaves them exact."""
    draft_number: Literal["blank", "null", "missing"] = "blank"
    """The `invoice_number` of a draft."""
    pdf_after: float = 2.0
    """A PDF is answered with 202 for so many seconds after its document was made."""
    pdf_wrapped: bool = True
    """Whether the body of that 202 is wrapped in `error`, as seen, or bare, as documented."""
    pos_after: float = 2.0
    """The same for the print of a till."""
    nav_connected: bool = True
    """Whether documents are reported to NAV; a test profile's are not."""
    nav_after: float = 5.0
    """A document's report is processed for so many seconds."""
    nav_outcome: str = "done"
    """What the report comes to: `done`, `nav_warn`, `aborted` or another of the states."""
    block_answer: bool = False
    """Whether making a block answers the block, or nothing."""
    empty_account_number: Literal["--", ""] = "--"
    """The `account_number` of a partner that has none."""
    export_outcome: Literal["success", "warning", "fail"] = "success"
    """What an export comes to."""
    growing_enums: bool = False
    """Whether answers hold values that the specification does not know."""
