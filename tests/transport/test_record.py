"""The log for people in a hurry: `BILLINGO_LOG` turns it on, once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from billingo_async import Billingo
from billingo_async.transport.record import LOGGER

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """Return the library's logger, and put it back afterwards as it was."""
    handlers, level = LOGGER.handlers[:], LOGGER.level
    yield LOGGER
    LOGGER.handlers[:], LOGGER.level = handlers, level
    LOGGER.setLevel(level)


@pytest.mark.parametrize(("said", "level"), [("debug", logging.DEBUG), (" Warning ", logging.WARNING)])
def test_the_variable_turns_the_log_on_once(
    said: str, level: int, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many objects are made, there is one handler, and the level is the one that was named."""
    monkeypatch.setenv("BILLINGO_LOG", said)
    before = len(logger.handlers)
    for _ in range(3):
        Billingo("public", "private")
    assert len(logger.handlers) == before + 1
    assert logger.level == level


@pytest.mark.parametrize("said", ["", "nonsense", "0"])
def test_anything_else_leaves_the_log_alone(said: str, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library adds no handler unasked."""
    monkeypatch.setenv("BILLINGO_LOG", said)
    before = logger.handlers[:], logger.level
    Billingo("public", "private")
    assert (logger.handlers, logger.level) == before
