"""Where the documented samples lie: a folder named `shared` beside the checkout, or wherever BILLINGO_SHARED says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """Return the folder that holds `payloads/`; without it a test is skipped, and fails where CI=true."""
    named = os.environ.get("BILLINGO_SHARED")
    folder = Path(named) if named else pytestconfig.rootpath.parent / "shared"
    if (folder / "payloads").is_dir():
        return folder
    remedy = f"no samples in {folder}: put the folder `shared` beside the checkout or name it in BILLINGO_SHARED"
    if os.environ.get("CI") == "true":
        pytest.fail(remedy, pytrace=False)
    pytest.skip(remedy)
