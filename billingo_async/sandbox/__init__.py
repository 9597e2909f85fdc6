"""A Billingo of your own: an independent second statement of the API v2, for tests, demonstrations and development.

It imports nothing of the library it is used to test. Needs the extra `sandbox`.
"""

from billingo_async.sandbox.faults import Fault, Line
from billingo_async.sandbox.http import Request, Response
from billingo_async.sandbox.ledger import Entry, Ledger, Mail
from billingo_async.sandbox.sandbox import Sandbox
from billingo_async.sandbox.script import Faults, Met, Waiting
from billingo_async.sandbox.snapshot import Paper, Snapshot
from billingo_async.sandbox.visits import Body, Visit

__all__ = [
    "Body",
    "Entry",
    "Fault",
    "Faults",
    "Ledger",
    "Line",
    "Mail",
    "Met",
    "Paper",
    "Request",
    "Response",
    "Sandbox",
    "Snapshot",
    "Visit",
    "Waiting",
]
