"""Rules that hold for all invoices and keys: what a key stands for, what is taken for what, what settled together."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from journal_harness import intent_of

from billingo_async import Invoice, InvoiceType, NewInvoice, NewItem
from billingo_async.fields.exact import exact_json
from billingo_async.journal.intent import check_key, check_stamp, digest, stamped_key
from billingo_async.journal.port import Match
from billingo_async.protocol.comparison import CUT_LETTERS
from billingo_async.v2.compare import compare

if TYPE_CHECKING:
    from billingo_async.journal.intent import Intent

WORDS = st.sampled_from(
    ["", "Bread", "bread!", "Kenyér", "Order 1", "Order 2", "B" * CUT_LETTERS, "B" * CUT_LETTERS + "2", "B" * 150]
)
AMOUNTS = st.sampled_from(["1", "1.00", "1.004", "1.009", "2", "0.999", "1250.5"]).map(Decimal)
ITEMS = st.builds(
    NewItem,
    description=WORDS.filter(bool),
    vat_id=st.integers(1, 2),
    qty=AMOUNTS,
    unit=st.just("pc"),
    net_unit_price=AMOUNTS,
)
DRAFTS = st.builds(
    NewInvoice,
    client_uid=st.integers(1, 2),
    payment_method=st.integers(1, 2),
    fulfillment_date=st.sampled_from([date(2026, 3, 1), date(2026, 3, 2)]),
    due_date=st.just(date(2026, 3, 9)),
    comment=WORDS,
    currency=st.sampled_from(["HUF", "EUR"]),
    type=st.sampled_from([InvoiceType.NORMAL, InvoiceType.DRAFT]),
    items=st.lists(ITEMS, min_size=1, max_size=2),
)
PLAIN = NewInvoice(
    client_uid=1,
    payment_method=1,
    fulfillment_date=date(2026, 3, 1),
    due_date=date(2026, 3, 9),
    comment="B" * 150,
    items=[NewItem(description="B" * 150, vat_id=1, qty=1, unit="pc", net_unit_price=1)],
)
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What Unicode calls default ignorable among letters and marks, and the empty Braille cell."""
KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C", "M"]), min_size=1, max_size=20).filter(
    lambda key: not IGNORABLE.search(key)
)
"""Keys without spaces; with them, a stamp at the end of a line that the server has joined may be read in two ways."""


def _wire(intent: Intent) -> dict[str, Any]:
    wire: dict[str, Any] = exact_json(intent.request)
    return wire


def _made(intent: Intent) -> Invoice:
    """The invoice that the server makes of a request: what was sent, numbers with three decimals, texts trimmed."""
    wire = _wire(intent)
    items = [
        {**item, "qty": f"{item['qty']:.3f}", "net_unit_price": f"{item['net_unit_price']:.3f}"}
        for item in wire["items"]
    ]
    return Invoice.model_validate({**wire, "id": 1, "comment": wire["comment"].strip(), "items": items})


@given(DRAFTS)
def test_what_was_made_is_recognised(new: NewInvoice) -> None:
    """The invoice that a request has made is always taken for it: overlooked, it would be made again."""
    intent = intent_of("order-1", new, None)
    assert compare(_wire(intent), None, _made(intent)) is Match.YES


@given(DRAFTS, WORDS, WORDS.filter(bool), st.sampled_from(["0", "0.004", "0.009", "1"]))
@example(PLAIN, "B" * CUT_LETTERS + "2", "B" * CUT_LETTERS, "0.009")
def test_what_may_be_mistaken_is_settled_together(new: NewInvoice, comment: str, words: str, more: str) -> None:
    """If the invoice of one request can be taken for another's, the two are alike, and nobody settles one alone."""
    near = [item.model_copy(update={"description": words, "qty": item.qty + Decimal(more)}) for item in new.items]
    for one in (new, new.model_copy(update={"comment": "B" * CUT_LETTERS})):
        for other in (new.model_copy(update={"comment": comment}), one.model_copy(update={"items": tuple(near)})):
            mine, theirs = intent_of("order-1", one, None), intent_of("order-2", other, None)
            if compare(_wire(mine), None, _made(theirs)) is Match.YES:
                assert mine.similarity_hash == theirs.similarity_hash


@given(DRAFTS, st.sampled_from([("client_uid", 7), ("currency", "USD"), ("type", 1)]))
def test_another_head_is_another_invoice(new: NewInvoice, change: tuple[str, object]) -> None:
    """An invoice for another client, in another currency or of another kind is never taken for the request's."""
    name, value = change
    intent = intent_of("order-1", new, None)
    other = _made(intent).model_copy(update={name: value})
    assert compare(_wire(intent), None, other) is Match.NO


@given(DRAFTS, KEYS, KEYS)
@example(PLAIN, "1", "11")
def test_stamp_is_one_keys(new: NewInvoice, key: str, other: str) -> None:
    """A stamped invoice is its own key's for certain, and no other key's."""
    assume(check_key(key) != check_key(other))
    mine, theirs = (intent_of(each, new, "Ref. {key}") for each in (key, other))
    assert compare(_wire(mine), mine.stamp, _made(mine)) is Match.YES
    assert compare(_wire(theirs), theirs.stamp, _made(mine)) is not Match.YES
    assert mine.similarity_hash != theirs.similarity_hash


@pytest.mark.parametrize(
    ("stamp", "line", "key"),
    [
        ("Ref. {key}", "Ref. order-1", "order-1"), ("Ref. {key}.", "Ref. order-1.", "order-1"),
        ("Ref. {key}.", "Ref. .", None), ("Ref. {key}.", "Ref. order-1", None), ("Ref. {key}.", "Nr.  order-1.", None),
        ("{{key}} {key}", "{key} order-1", "order-1"), ("{key}/{key}", "1/1", None), ("Ref. {key!r}", "Ref. '1'", None),
        ("{key:.3}", "ord", None),
    ],
)  # fmt: skip
def test_the_key_that_a_line_names(stamp: str, line: str, key: str | None) -> None:
    """The whole line is the stamp of the key; a template that does not show the key as it is names none."""
    assert stamped_key(check_stamp(stamp) or "", line) == key


UNSEEN = "which cannot be seen or looks like a space: take it out"


@pytest.mark.parametrize(
    ("slip", "message"),
    [
        (5, ", such as 'order-1234', got int"),
        ("", ", such as 'order-1234', got ''"),
        (" order-1", ", without spaces at its edges: write key.strip(), got ' order-1'"),
        ("a\u200b", f": this one holds U+200B (ZERO WIDTH SPACE), {UNSEEN}, got 'a\\u200b'"),
        ("a\7", f": this one holds U+0007 (a control character), {UNSEEN}, got 'a\\x07'"),
    ],
)
def test_what_is_wrong_with_a_key_is_told_with_the_remedy(slip: object, message: str) -> None:
    """The message shows the key so that nothing of it stays unseen."""
    with pytest.raises(ValueError, match="a key must be") as caught:
        check_key(slip)
    assert str(caught.value) == f"a key must be a text of 1 to 200 printable characters{message}"
    assert check_key("x" * 200) == "x" * 200


def test_an_accent_is_one_however_it_is_stored() -> None:
    """A letter with its accent, and a letter that its accent follows, as in macOS's names of files, are one key."""
    assert check_key("N\u0151i sz\u00e1ml\u00e1k") == check_key("No\u030bi sza\u0301mla\u0301k") == "Női számlák"


def test_half_a_character_has_a_digest() -> None:
    """A comment may hold one; it is digested as its three bytes."""
    assert digest("\ud800") == sha256(b"\xed\xa0\x80").hexdigest()


@given(DRAFTS)
def test_fingerprint_knows_numbers_by_their_value(new: NewInvoice) -> None:
    """However a number is spelled, the request is the same; neither key nor stamp is part of it."""
    spelled = [item.model_copy(update={"qty": item.qty + Decimal("0.0000")}) for item in new.items]
    same = new.model_copy(update={"items": tuple(spelled)})
    assert intent_of("a", new, None).fingerprint == intent_of("b", same, "Ref. {key}").fingerprint


@given(DRAFTS, DRAFTS)
def test_fingerprints_differ_with_the_request(one: NewInvoice, other: NewInvoice) -> None:
    """Two requests have one fingerprint if, and only if, they say the same."""
    same = one.to_payload() == other.to_payload()
    assert (intent_of("a", one, None).fingerprint == intent_of("a", other, None).fingerprint) is same


@given(st.text(st.characters(), max_size=210))
def test_keys(key: str) -> None:
    """Every text of 1 to 200 characters that shows all that it holds, and has no space at its edges, is a key."""
    seen = all(each == " " or (each.isprintable() and not IGNORABLE.match(each)) for each in key)
    if seen and key.strip() == key and 1 <= len(key) <= 200:
        assert check_key(key) == unicodedata.normalize("NFC", key)
    else:
        with pytest.raises(ValueError, match="a key must be a text of 1 to 200 printable characters"):
            check_key(key)
