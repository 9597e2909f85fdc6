"""What PyJWT itself says about a key that is shorter than its algorithm wants, in the versions that say anything."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import jwt
import pytest

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def complaint() -> AbstractContextManager[object]:
    """Expect PyJWT's warning around the block; versions before 2.11 have none."""
    warning: type[Warning] | None = getattr(jwt, "InsecureKeyLengthWarning", None)
    return nullcontext() if warning is None else pytest.warns(warning)
