"""API v3: its operations, its models and resources, and the object that holds them."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billingo_async.v3 import models as models
else:

    def __getattr__(name: str) -> object:
        """Load the models."""
        if name != "models":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.models")
