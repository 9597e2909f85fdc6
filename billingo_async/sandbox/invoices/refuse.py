"""What speaks against saving an invoice whose body fits its schema: things it names that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.office import Office


def reasons_against(office: Office, body: JsonObject) -> Iterator[str]:
    """Every reason, each naming its field and value."""
    if body["client_uid"] not in office.clients:
        yield f"client_uid: there is no client {body['client_uid']}"
    if body["block_uid"] and body["block_uid"] not in seeds.BLOCKS:
        yield f"block_uid: there is no invoice block {body['block_uid']}; 0 is the default block"
    if body["payment_method"] not in seeds.PAYMENT_METHODS:
        yield f"payment_method: there is no payment method {body['payment_method']}"
    if "exchange_rate" not in body and body["currency"] not in seeds.FORINTS:
        yield f"currency: no daily rate for {body['currency']}; give an exchange_rate"
    bank_account = body.get("bank_account_uid")
    if bank_account is not None and bank_account not in office.bank_accounts:
        yield f"bank_account_uid: there is no bank account {bank_account}"
    for index, item in enumerate(body["items"]):
        yield from _against_item(office, item, f"items[{index}]", body["currency"])


def _against_item(office: Office, item: JsonObject, path: str, currency: str) -> Iterator[str]:
    if "product_uid" not in item:
        if item["vat_id"] not in seeds.VAT_RATES:
            yield f"{path}.vat_id: there is no VAT rate {item['vat_id']}"
        return
    uid = item["product_uid"]
    if uid not in office.products:
        yield f"{path}.product_uid: there is no product {uid}"
    elif office.products.get(uid).currency != currency:
        yield f"{path}.product_uid: product {uid} is priced in another currency than {currency}"
