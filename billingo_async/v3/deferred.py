"""The models, loaded when one is first asked for: the object and its operations do without.

The package's face stands above all that needs them, so that it cannot hold this door itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billingo_async.v3 import models
else:

    def __getattr__(name: str) -> object:
        """Load the models."""
        if name != "models":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module("billingo_async.v3.models")


__all__ = ["models"]
