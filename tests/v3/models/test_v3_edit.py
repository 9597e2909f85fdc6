"""Read, change, write back: a PUT of API v3 replaces the whole object, so nothing may be lost on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from billingo_async.fields.exact import exact_json, to_json
from billingo_async.v3.models import Category, Partner, Product, Spending

if TYPE_CHECKING:
    from pathlib import Path


def sample(shared: Path, name: str) -> dict[str, Any]:
    """A documented answer."""
    answer: dict[str, Any] = json.loads((shared / "v3" / "payloads" / f"{name}.response.json").read_bytes())
    return answer


def test_a_partner_is_written_back_as_it_was_read(shared: Path) -> None:
    """All that the answer tells goes back, but for the id; a null is left out, which replaces by nothing as well."""
    told = sample(shared, "partners.update")
    written = Partner.model_validate_json(json.dumps(told)).edit(phone="+36 99 123 456").to_payload()
    kept = {name: value for name, value in told.items() if name not in {"id", "internal_comment"}}
    assert exact_json(to_json(written)) == {**kept, "phone": "+36 99 123 456"}


def test_a_spending_is_written_under_the_names_of_writing(shared: Path) -> None:
    """What is read as `…_local` goes out as `…_huf`, the partner as its id; the lines cannot be written."""
    spending = Spending.model_validate_json(json.dumps(sample(shared, "spendings.get")))
    assert spending.edit(category=Category.UTILITIES).to_payload() == {
        "category": "utilities",
        "conversion_rate": 1,
        "currency": "HUF",
        "due_date": "2026-03-09",
        "fulfillment_date": "2026-03-01",
        "invoice_date": "2026-03-01",
        "invoice_number": "SZ-2026/15",
        "paid_at": "2026-03-03",
        "partner_id": 1800000003,
        "payment_method": "bankcard",
        "total_gross": 12700,
        "total_gross_huf": 12700,
        "total_vat_amount": 2700,
        "total_vat_amount_huf": 2700,
    }


@pytest.mark.parametrize(
    ("name", "remedy"), [("items", "takes none"), ("total_gross_local", "total_gross_huf"), ("partner", "partner_id")]
)
def test_a_name_of_reading_is_refused_with_the_one_of_writing(shared: Path, name: str, remedy: str) -> None:
    """Whoever changes what only reading knows is told what to change."""
    spending = Spending.model_validate_json(json.dumps(sample(shared, "spendings.get")))
    with pytest.raises(TypeError, match=remedy):
        spending.edit(**{name: None})


def test_another_currency_needs_another_rate(shared: Path) -> None:
    """The rate that was read is the old currency's: it does not pass for the new one's."""
    spending = Spending.model_validate_json(json.dumps(sample(shared, "spendings.get")))
    with pytest.raises(ValidationError, match="EUR needs conversion_rate"):
        spending.edit(currency="EUR")
    assert spending.edit(currency="EUR", conversion_rate=Decimal("395.12")).conversion_rate == Decimal("395.12")


def test_a_spending_in_euro_without_a_rate_can_be_changed_otherwise() -> None:
    """What the server has left out is no slip of the caller's."""
    sums = {"total_gross": 1, "total_gross_local": 400, "total_vat_amount": 0, "total_vat_amount_local": 0}
    told = {"currency": "EUR", "fulfillment_date": "2026-03-01", "category": "other", "payment_method": "cash"}
    read = Spending.model_validate({**told, **sums})
    assert read.edit(comment="A").comment == "A"


PRICES = {"net_unit_price": 787.4, "gross_unit_price": 1000}
PRODUCT = {"id": 1, "name": "A", "currency": "HUF", "vat": "27%", "unit": "db", **PRICES}


def test_both_prices_go_back_untouched_and_a_new_one_goes_alone() -> None:
    """A stale price beside a new one could win: it is left out."""
    product = Product.model_validate(PRODUCT)
    assert PRICES.keys() <= product.edit(name="B").to_payload().keys()
    assert "gross_unit_price" not in product.edit(net_unit_price=900).to_payload()
    assert "net_unit_price" not in product.edit(gross_unit_price=1100).to_payload()


def test_another_vat_needs_a_price_where_both_were_read() -> None:
    """One of the two prices would be wrong afterwards, and which one the server keeps is not documented."""
    product = Product.model_validate(PRODUCT)
    with pytest.raises(ValueError, match="needs a price with it"):
        product.edit(vat="18%")
    assert product.edit(vat="18%", gross_unit_price=1000).to_payload()["vat"] == "18%"
    net_alone = Product.model_validate({**PRODUCT, "gross_unit_price": None})
    assert net_alone.edit(vat="18%").to_payload()["vat"] == "18%"
