"""The columns of a file of orders: their names, which are needed, and what each takes.

Never enters here: how a file is read, and how a cell is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billingo_async import NewInvoice, NewItem

ADDRESS: Final = ("postcode", "city", "street_name", "street_type", "house_nr", "country")
ADDRESS_PARTS: Final = ("district", "block", "entrance", "floor", "door")
CUSTOMER: Final = ("name", "taxcode", "email", "phone", "tax_type", *ADDRESS, *ADDRESS_PARTS)
HEAD: Final = (*(name for name in NewInvoice.model_fields if name != "items"), *CUSTOMER)
"""Columns in which all rows of an entry agree."""
ITEM: Final = (*NewItem.model_fields, "product_uid", "vat")
COLUMNS: Final = ("key", *HEAD, *ITEM)
_NEEDED: Final = """
key client_uid|name payment_method fulfillment_date due_date description|product_uid vat_id|vat|product_uid qty
unit|product_uid net_unit_price|gross_unit_price|product_uid
"""
NEEDED: Final = [choice.split("|") for choice in _NEEDED.split()]
"""Columns that a table has: one of each choice."""
_OTHER_NAMES: Final = """
order=key vendor_id=key partner_id=client_uid block_id=block_uid language=template_lang_code
electronic=electronic_invoice conversion_rate=exchange_rate bank_account_id=bank_account_uid post_code=postcode
product=product_uid product_id=product_uid quantity=qty
"""
ALIASES: Final[Mapping[str, str]] = {
    other: name for other, _, name in (pair.partition("=") for pair in _OTHER_NAMES.split())
}
"""Other names of columns: those of API v3, and what people write."""
TAKES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("fulfillment_date", "due_date"), "a day such as 2026-03-31"),
    **dict.fromkeys(("net_unit_price", "gross_unit_price"), "a number such as 1234.50 or 1234,50"),
    **dict.fromkeys(("electronic_invoice", "is_paid"), "yes or no (in JSON true or false)"),
    **dict.fromkeys(("comment", "item_comment"), "text"),
    **dict.fromkeys(("district", "block", "entrance", "floor", "door"), "a part of the customer's address"),
    "key": "what the invoice is made for, such as order-1234: 1 to 200 printable characters",
    "client_uid": "the customer's id, such as 115387686; `billingo-async clients list` shows them",
    "payment_method": "a payment method, such as Cash or 1; `billingo-async payment-methods list` shows them",
    "items": "at least one item",
    "template_lang_code": "a language: hu, en, de, fr, it, sk, hr or ro",
    "currency": "a currency by its three letters, such as HUF",
    "exchange_rate": "forints for one unit of the currency, more than 0, such as 391.20",
    "block_uid": "an invoice block by its prefix or id, or 0 for the default; `billingo-async blocks list` shows them",
    "type": "the kind of document: invoice, proforma or draft (3, 1 or 0)",
    "round_to": "0 for no rounding, 1, 5 or 10",
    "bank_account_uid": "the id of a bank account of yours",
    "description": "what was sold, in words",
    "vat": "a rate of VAT such as 27% or AAM; `billingo-async vat list` shows them",
    "vat_id": "the id of a VAT rate, such as 1 for 27%; `billingo-async vat list` shows them",
    "qty": "how many, such as 1 or 2.5",
    "unit": "the unit, such as pc",
    "entitlement": "the reason for a VAT exemption, such as AAM; empty where there is none",
    "product_uid": "a stored product by its name or id",
    "name": "the customer's name, such as Minta Kft.",
    "taxcode": "the customer's tax number, such as 12345678-2-10",
    "email": "where the invoices are mailed",
    "phone": "a telephone number",
    "tax_type": "HAS_TAX_NUMBER, NO_TAX_NUMBER or FOREIGN",
    "postcode": "such as 9021",
    "city": "such as Győr",
    "street_name": "the street without its type, such as Fő",
    "street_type": "such as utca or tér",
    "house_nr": "such as 7",
    "country": "a country by its name, such as Magyarország",
}
"""What each column takes. Source: API docs, Invoices / Save a new invoice, Clients / Create a client."""
