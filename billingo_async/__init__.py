"""An asyncio client for the Billingo invoicing API v2: nothing happens twice, nothing is lost in doubt."""

from billingo_async import errors as errors
from billingo_async.on_demand import SHARED, on_demand

# The wing is loaded with its first name, so that a program that speaks the other API never loads it.
__getattr__, __dir__ = on_demand(__name__, ".errors .v2.models", {**SHARED, ".v2.billingo": "Billingo"})
