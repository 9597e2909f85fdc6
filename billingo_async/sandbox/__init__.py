"""A Billingo of your own: an independent second statement of both APIs, for tests, demonstrations and development.

It imports nothing of the library it is used to test. Needs the extra `sandbox`.
"""

from billingo_async.sandbox.books import Switches
from billingo_async.sandbox.faults import Fault, Faults, MetFault, NetworkFault, PendingFault
from billingo_async.sandbox.http import Request, Response
from billingo_async.sandbox.ledger import Entry, Ledger, Mail
from billingo_async.sandbox.request_log import LoggedBody, LoggedRequest
from billingo_async.sandbox.sandbox import Sandbox
from billingo_async.sandbox.server import InvoiceSummary, Server, Snapshot

__all__ = [
    "Entry",
    "Fault",
    "Faults",
    "InvoiceSummary",
    "Ledger",
    "LoggedBody",
    "LoggedRequest",
    "Mail",
    "MetFault",
    "NetworkFault",
    "PendingFault",
    "Request",
    "Response",
    "Sandbox",
    "Server",
    "Snapshot",
    "Switches",
]
