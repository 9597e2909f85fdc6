"""What things look like in API v2: the models that are read, the models that are written, and their values.

Reading forgives, writing refuses, and what serves both ways does each at its place; how, stands in `fields`. They are
loaded when one is first asked for: the object and its operations do without.
Pure: no network, no clock, nothing of the envelope around an answer.
"""

from billingo_async.on_demand import on_demand

__getattr__, __dir__ = on_demand(__name__, ".client .country .enums .invoice .listed")
