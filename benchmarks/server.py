"""The other end of every measurement: a raw loopback server in a process of its own, as quick as asyncio allows.

It checks nothing and keeps nothing, so that what is measured is the client. Latency is added per request, without a
thread and without holding up the others. Endpoints: `POST /api/invoices` (a new id each time), `GET
/api/invoices?page=N`, `GET /api/invoices/query` (nothing), `GET /api/invoices/N/download` (a PDF of as many bytes as
asked for at the start), all for any token.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from functools import cache
from itertools import count
from typing import Final, cast

PER_PAGE: Final = 50
PIECE: Final = 64 * 1024
ITEM: Final = {
    "description": "Teszt Termék",
    "net_unit_price": "3500.000",
    "qty": "1.000",
    "unit": "db",
    "vat_id": "1",
    "item_comment": "",
    "entitlement": None,
}
ADDRESS: Final = {
    "street_name": "Valahol utca 300",
    "street_type": "",
    "house_nr": "",
    "block": "",
    "entrance": "",
    "floor": "",
    "door": "",
    "city": "Sopron",
    "postcode": "9400",
    "country": "Magyarország",
}
ATTRIBUTES: Final = {
    "date": "2012-07-30",
    "fulfillment_date": "2012-07-30",
    "due_date": "2015-08-07",
    "invoice_no": "2015-000001",
    "prefixed_invoice_no": "TST / 2015-000001",
    "total": "4445.000",
    "total_paid": "0.000",
    "comment": "",
    "currency": "HUF",
    "client_uid": 115387686,
    "block_uid": 0,
    "items": [ITEM],
    "client": {
        "name": "Teszt 2000 Kft.",
        "email": "info@example.com",
        "taxcode": "12345678-2-00",
        "billing_address": ADDRESS,
        "bank": {"iban": "", "swift": "", "account_no": ""},
        "tax_type": "",
    },
    "payment_method": {"id": 2, "lang_code": "hu", "name": "Átutalás", "advance_paid": "0"},
    "prefix": "TST",
}
"""One row as documented. Source: API docs 2.2, Invoices / Show the invoices."""

SHORT: Final = {
    "fulfillment_date": "2015-12-12",
    "due_date": "2015-12-20",
    "total": 4445,
    "comment": "",
    "currency": "HUF",
    "date": "2015-11-23",
    "invoice_no": "2015-000008",
    "client_uid": 115387686,
    "block_uid": 1263576876,
    "uid": 878790507,
}
"""What a create answers. Source: API docs 2.2, Invoices / Save a new invoice."""

REQUEST_LINE: Final = re.compile(
    rb"(GET|POST) /api/invoices(?:\?\S*?\bpage=(\d+)\S*|/\d+(/download)|(/query)\S*)? HTTP/1\.1"
)
NOTHING: Final = b'{"success":true,"type":"invoices","data":[]}'
IDS: Final = count(878790507)
CONTENT_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def page_of_invoices(page: int, rows: int) -> bytes:
    """Return the JSON of a page, 49 kB if it is full."""
    first = (page - 1) * PER_PAGE
    ids = range(first + 1, min(first + PER_PAGE, rows) + 1)
    data = [{"id": number, "attributes": {**ATTRIBUTES, "uid": number}} for number in ids]
    return json.dumps({"success": True, "type": "invoices", "data": data}).encode()


class Answering(asyncio.Protocol):
    """One connection: reads a request, answers it after the latency, keeps the line open."""

    def __init__(self, latency: float, rows: int, pdf_bytes: int) -> None:
        self._latency = latency
        self._rows = rows
        self._pdf_bytes = pdf_bytes
        self._buffer = b""
        self._room = asyncio.Event()
        self._room.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        self._transport = cast("asyncio.Transport", transport)

    def pause_writing(self) -> None:
        """Stop streaming: the client is slower."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Go on streaming."""
        self._room.set()

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is whole."""
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(head)
        if not found or len(rest) < (int(length[1]) if length else 0):
            return
        self._buffer = b""
        line = REQUEST_LINE.match(head)
        if line is None:
            self._answer(b'{"success":false,"error":"no such endpoint"}', b"404 Not Found")
        elif line[3]:
            self._task = asyncio.ensure_future(self._stream_pdf())
        else:
            listed = NOTHING if line[4] else cached_page(int(line[2] or 1), self._rows)
            body = short_invoice() % next(IDS) if line[1] == b"POST" else listed
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._answer, body)
            else:
                self._answer(body)

    def _answer(self, body: bytes, status: bytes = b"200 OK") -> None:
        head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        self._transport.write(head + body)

    async def _stream_pdf(self) -> None:
        size = self._pdf_bytes
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: %d\r\n\r\n" % size + b"%PDF-1.7\n"
        )
        left, end, piece = size - 9, b"\n%%EOF\n", b"x" * PIECE
        while left > len(end):
            await self._room.wait()
            part = piece[: left - len(end)]
            self._transport.write(part)
            left -= len(part)
        self._transport.write(end)


@cache
def cached_page(page: int, rows: int) -> bytes:
    """Return a page that was made once, so that the server's own work is not measured."""
    return page_of_invoices(page, rows)


@cache
def short_invoice() -> bytes:
    """Return what a create answers, with a gap for the id, which is another each time."""
    attributes = json.dumps({name: value for name, value in SHORT.items() if name != "uid"}).encode()
    return b'{"success": true, "type": "invoices", "data": {"id": %d, "attributes": ' + attributes + b"}}"


async def serve(latency: float, rows: int, pdf_bytes: int) -> None:
    """Listen on a free loopback port, print it, and answer until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(latency, rows, pdf_bytes), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=serve.__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--rows", type=int, default=10_000, help="invoices in the list")
    parser.add_argument("--pdf-bytes", type=int, default=100_000_000)
    options = parser.parse_args()
    asyncio.run(serve(options.latency, options.rows, options.pdf_bytes))


if __name__ == "__main__":
    main()
