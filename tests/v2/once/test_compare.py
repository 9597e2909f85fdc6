"""What an answer does not tell is no difference: an invoice that was made must not be overlooked and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from drafts import draft

from billingo_async import Invoice
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.port import Mark, Match
from billingo_async.v2 import operations
from billingo_async.v2.compare import check_storno, compare, contradiction, is_other_stamp, mark_of, similarity
from billingo_async.v2.once.acts import InvoicesCancel

if TYPE_CHECKING:
    from billingo_async.journal.port import Account

WIRE: dict[str, Any] = exact_json(to_json(draft(7, "Order 1").to_payload()))
TOLD: dict[str, Any] = {
    **WIRE,
    "id": 1,
    "payment_method": {"id": 1, "name": "készpénz"},
    "items": [{**WIRE["items"][0], "qty": "3.000", "net_unit_price": "1250.500"}],
}


def _invoice(**changes: object) -> Invoice:
    return Invoice.model_validate({**TOLD, **changes})


def _item(**changes: object) -> list[dict[str, object]]:
    return [{**TOLD["items"][0], **changes}]


MANGLED = _item(description="Keny?r")
HALF_ALTERED = {"due_date": "2026-03-10", "fulfillment_date": "2026-03-02", "comment": "", "items": MANGLED}
"""Four of an invoice's eight fields, with one row: two days, comment, client; quantity, text, rate and price."""


@pytest.mark.parametrize(
    "changes",
    [{}, {"payment_method": 1}, {"payment_method": "készpénz"}, {"payment_method": {"id": None, "name": "készpénz"}},
     {"payment_method": None}, {"type": "normal"}, {"comment": None}, {"items": _item(description=None)},
     {"items": _item(vat_id=None, qty=None, net_unit_price=None)},
     {"block_uid": 4, "due_date": "0000-00-00", "currency": None}],
)  # fmt: skip
def test_untold_is_no_difference(changes: dict[str, Any]) -> None:
    """A field that is missing, or told in a way that cannot be compared, does not speak against an invoice."""
    assert compare(WIRE, None, _invoice(**changes)) is Match.YES


@pytest.mark.parametrize(
    "changes",
    [{"payment_method": 2}, {"type": 1}, {"comment": "Order 2"}, {"client_uid": 8}, {"is_cancel_invoice": 1},
     {"items": _item(description="Tej")}, {"items": _item(net_unit_price="1270.000")}, {"items": _item(vat_id=9)},
     {"items": _item(qty=5)}, {"items": None, "comment": "Order 2"},
     {**HALF_ALTERED, "items": _item(description="Keny?r", net_unit_price="1251.000")}],
)  # fmt: skip
def test_told_differently_is_another(changes: dict[str, Any]) -> None:
    """A field that is told and is not what was asked for makes it another invoice; so do most fields if altered."""
    assert compare(WIRE, None, _invoice(**changes)) is Match.NO


@pytest.mark.parametrize(
    "changes",
    [{"comment": "Order 1\nThank you for your order!"}, {"comment": ""}, {"due_date": "2026-03-10"},
     {"items": _item(net_unit_price="1251.000")}, {"items": MANGLED},
     {"items": _item(net_unit_price="1250.51")},  # a hundredth is a difference
     {"due_date": "2026-03-10", "items": _item(net_unit_price="1250.000")}, HALF_ALTERED],
)  # fmt: skip
def test_altered_is_neither(changes: dict[str, Any]) -> None:
    """What differs as servers alter what they store is not taken for the request's, nor for another's."""
    assert compare(WIRE, None, _invoice(**changes)) is Match.ALTERED


EMOJI = "Happy birthday \N{BIRTHDAY CAKE} from all of us"
LONG = "A comment of more than twenty letters"


@pytest.mark.parametrize(
    ("wanted", "told", "match"),
    [
        (EMOJI, "Happy birthday ", Match.ALTERED),  # three-byte utf8 ends at the first character of four
        (EMOJI, "Happy birth", Match.ALTERED), (LONG, LONG[:20], Match.ALTERED), (LONG, LONG[:19], Match.ALTERED),
        ("a" * 150, "a" * 100, Match.YES), ("a" * 150, "a" * 99, Match.ALTERED), ("Order 12", "Order 1", Match.NO),
        ("Order 1", "Order 12", Match.NO), ("Order 1", "Order 1\n2", Match.ALTERED),
        ("Őrségi sütőház", "Orsegi sutohaz", Match.ALTERED), ("Őrségi sütőház", "?rs?gi s?t?h?z", Match.ALTERED),
        ("Őrségi sütőház", "Őrségi cukrászda", Match.ALTERED),
        ("Thanks for the order 12", "Thanks for the order 1", Match.ALTERED),  # cut in the number, as it may be
        ("Thanks for the order 1", "Thanks for the order 12", Match.NO),
        ("Thanks, order 12", "Thanks, order 1", Match.NO),
        ("Thanks for the order aB", "Thanks for the order Ab", Match.NO),
    ],
)  # fmt: skip
def test_texts_that_servers_alter(wanted: str, told: str, match: Match) -> None:
    """A text that is not the same is altered, whatever became of it, unless its number is another order's."""
    assert compare({**WIRE, "comment": wanted}, None, _invoice(comment=told)) is match


STAMPED = {**WIRE, "comment": "Ref. 1\nOrder 1"}


@pytest.mark.parametrize(
    ("comment", "match"),
    [
        ("Ref. 1\nOrder 1", Match.YES), ("Ref. 1\nOrder 1\nSent by the office", Match.YES), ("Ref. 1\nOrd", Match.YES),
        ("Ref. 1<br />Order 1", Match.YES), ("Ref. 1 Order 1", Match.ALTERED), ("Ref. 11\nOrder 1", Match.NO),
        ("Ref. 1 2\nOrder 1", Match.ALTERED), ("", Match.ALTERED), (None, Match.PERHAPS),
    ],
)  # fmt: skip
def test_stamp(comment: str | None, match: Match) -> None:
    """A stamp is a whole line; where the comment is not told, the whole invoice has to be read."""
    assert compare(STAMPED, "Ref. 1", _invoice(comment=comment)) is match


def test_stamp_is_a_whole_line_as_it_is_shown() -> None:
    """The stamp `12` is not found in a comment that ends in `2026 12`; what a server writes for HTML is the same."""
    payload = {**WIRE, "comment": "12\nMarch 2026 12"}
    assert compare(payload, "12", _invoice(comment="11\nMarch 2026 12")) is Match.NO
    assert compare(STAMPED, "Ref. <1>", _invoice(comment="Ref. &lt;1&gt;\nOrder 1")) is Match.YES


@pytest.mark.parametrize(
    ("changes", "match"),
    [({}, Match.YES), ({"product_uid": None}, Match.YES), ({"product_uid": 6}, Match.NO), ({"qty": 5}, Match.NO)],
)
def test_line_by_product(changes: dict[str, Any], match: Match) -> None:
    """What the product says is not in the request: product and quantity alone are compared."""
    payload = {**WIRE, "items": [{"product_uid": 5, "qty": 3}]}
    told = {"product_uid": 5, "qty": 3, "vat_id": 9, "net_unit_price": 7, **changes}
    assert compare(payload, None, _invoice(items=[told])) is match


def test_requests_that_could_be_mistaken_are_alike() -> None:
    """Prices, quantities, capitals and signs may be the server's work; client, kind, currency and words are not."""
    same: list[dict[str, Any]] = [{"items": _item(qty=5, net_unit_price=7)}, {"comment": "ORDER 1!"}]
    others: list[dict[str, Any]] = [{"client_uid": 8}, {"type": 1}, {"currency": "EUR"}, {"due_date": "2026-03-10"}]
    others += [{"comment": "Order 2"}, {"items": _item(description="Tej")}]
    assert all(similarity({**WIRE, **change}) == similarity(WIRE) for change in same)
    assert all(similarity({**WIRE, **change}) != similarity(WIRE) for change in others)


@pytest.mark.parametrize(
    ("number", "block", "mark"),
    [("2026-000123", 4, Mark("4:2026", 123)), ("2026-000123", None, None), (None, 4, None), ("2026-", 4, None),
     ("D2026-1", 4, None), ("2026-" + "1" * 101, 4, None)],
)  # fmt: skip
def test_mark_of_an_invoice(number: str | None, block: int | None, mark: Mark | None) -> None:
    """Block, year and number; what has no number yet has no place among the others."""
    assert mark_of(_invoice(invoice_no=number, block_uid=block)) == mark


GROSS = {**WIRE, "items": [{"description": "Kenyér", "vat_id": 1, "qty": 3, "unit": "db", "gross_unit_price": 1000}]}


@pytest.mark.parametrize(
    ("changes", "match"),
    [({"gross_unit_price": 1000}, Match.YES), ({"gross_unit_price": 1001}, Match.ALTERED),
     ({"gross_unit_price": 1011}, Match.NO), ({"gross_row_price": "3000.90"}, Match.YES),
     ({"gross_row_price": 3001}, Match.ALTERED), ({"gross_row_price": 3031}, Match.NO)],
)  # fmt: skip
def test_line_by_gross_price(changes: dict[str, Any], match: Match) -> None:
    """Told as it was sent, or as the sum of its row, which may be rounded to whole forints; a hundredth is altered."""
    told = {**GROSS["items"][0], "gross_unit_price": None, **changes}
    assert compare(GROSS, None, _invoice(items=[told])) is match


@pytest.mark.parametrize(
    ("payload", "changes", "named"),
    [
        (GROSS, {"total": "3011"}, None),  # a unit for its row and the ten that an account may round to
        (GROSS, {"total": "3011.01"}, "total"),
        ({**GROSS, "round_to": 1}, {"total": "3002"}, None),
        ({**GROSS, "round_to": 1}, {"total": "3003"}, "total"),
        (WIRE, {"total": "3740.49"}, None),  # 3 x 1250.50 without VAT, less 11.01
        (WIRE, {"total": "3740.48"}, "total"),
        (WIRE, {"total": "4775.415"}, None),  # with 27 % VAT, and 11.01
        (WIRE, {"total": "4775.416"}, "total"),
    ],
)
def test_total_of_another_call(payload: dict[str, Any], changes: dict[str, Any], named: str | None) -> None:
    """Gross rows are added up; of net rows the total lies between no VAT and the highest there is."""
    assert contradiction(payload, _invoice(**changes)) == named


@pytest.mark.parametrize(
    ("stamp", "comment", "is_other"),
    [
        ("Ref. 1", "Ref. 2\nOrder 1", True), ("Ref. 1", "R?f. 1\nPaid", False), ("Ref. 1", "Ref. 1 Ord", False),
        ("1", "<b>1</b>\nPaid", False), ("1", "1 2\nOrder 1", True), ("No. 1: 1", "No. 1: 2", True),
        ("Ref. 1", "Paid", False), ("Ref. 1", " \n", False),
    ],
)  # fmt: skip
def test_stamp_of_another_key(stamp: str, comment: str, *, is_other: bool) -> None:
    """Where the stamp stands, another key's is told from this one's, mangled or on one line with what follows."""
    assert is_other_stamp("1", stamp, f"{stamp}\nOrder 1", comment) is is_other


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"id": 42}, "id"), ({"id": 43, "total": "1"}, "total"), ({"id": 43, "total": 0}, None), ({"id": 43}, None)],
)
def test_a_storno_has_an_id_of_its_own_and_no_positive_total(changes: dict[str, Any], named: str | None) -> None:
    """An answer that tells no total is no other invoice's."""
    assert check_storno(operations.INVOICES_CANCEL.call(id=42), _invoice(**changes)) == named


@pytest.mark.parametrize(
    ("was", "told", "named"),
    [
        ({}, {"total": -2540}, None), ({}, {"client_uid": None}, None), ({}, {"total": "-2540.005"}, None),
        ({}, {"client_uid": 8}, "client_uid"), ({}, {"total": "-2540.01"}, "total"), ({}, {"total": 0}, "total"),
        ({"total": -2540}, {"total": 2540}, None), ({"total": None}, {"total": -1}, None),
        ({"client_uid": None}, {"client_uid": 8}, None),
    ],
)  # fmt: skip
def test_a_storno_is_like_what_it_cancels(was: dict[str, Any], told: dict[str, Any], named: str | None) -> None:
    """Under a key the invoice is read before, and its cancelling has its client and its sum with the sign turned."""
    cancel = InvoicesCancel(cast("Account", None))
    before = to_json({"invoice_no": "2026-000001", "client_uid": 7, "total": 2540, **was}).decode()
    (check,) = cancel.call(cancel.state("order-1", (42, None), None), before).checks
    assert check(_invoice(id=43, **told)) == named


@pytest.mark.parametrize("changes", [{"comment": None}, {}], ids=["untold", "told"])
def test_stamp_cannot_be_on_another_clients_invoice(changes: dict[str, Any]) -> None:
    """An invoice is ruled out by what no server alters, whatever its comment says."""
    assert compare(STAMPED, "Ref. 1", _invoice(client_uid=8, **{"comment": "Ref. 1", **changes})) is Match.NO


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, None), ({"client_uid": 8}, "client_uid"), ({"type": 1}, "type"), ({"currency": "EUR"}, "currency"),
        ({"due_date": "2026-03-10"}, "due_date"), ({"fulfillment_date": "2026-03-02"}, "fulfillment_date"),
        ({"is_cancel_invoice": 1}, "is_cancel_invoice"), ({"net_total": "3751.50"}, None),  # 3 x 1250.50
        ({"net_total": "3752"}, None), ({"net_total": "3753.50"}, "net_total"),
        ({"total": "1.00", "net_total": None}, "total"),  # no rate of VAT makes it of what was sent
    ],
)  # fmt: skip
def test_answer_of_another_call(changes: dict[str, Any], named: str | None) -> None:
    """An answer that tells another client, kind, currency, day or sum is the answer of another call."""
    assert contradiction(WIRE, _invoice(**changes)) == named
