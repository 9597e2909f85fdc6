"""The log for people in a hurry: `BILLINGO_LOG` turns it on, once; and a log that fails takes no answer with it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from ready_answers import on_line

from billingo_async import Attempt, Billingo
from billingo_async.transport.observe import LOGGER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jumping_clock import JumpingClock


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


class Failing(logging.Handler):
    """A handler whose disk is full."""

    def __init__(self, failure: BaseException) -> None:
        """Take what goes wrong."""
        super().__init__()
        self.failure = failure
        self.asked: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Fail."""
        self.asked.append(record.getMessage())
        raise self.failure


MADE: dict[str, Any] = {"success": True, "type": "invoices", "data": {"id": 7, "attributes": {}}}


@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING])
async def test_a_log_that_fails_costs_no_answer(
    level: int, logger: logging.Logger, jumping_clock: JumpingClock
) -> None:
    """A ONCE call is refused, waits, is tried again and made; each line fails on the way, and nothing is lost."""
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json=MADE)]

    def failing_too(attempt: Attempt) -> None:
        raise ValueError(attempt.number)

    handler = Failing(OSError("no space left on device"))
    logger.addHandler(handler)
    logger.setLevel(level)
    async with on_line(httpx.MockTransport(lambda _: answers.pop(0)), on_attempt=failing_too) as billingo:
        assert (await billingo.invoices.cancel(42)).id == 7
    lines = len(handler.asked)
    assert lines == (5 if level == logging.DEBUG else 3)  # two tries, two failing hooks, one retry; tries are DEBUG


async def test_what_ends_the_program_is_not_swallowed(logger: logging.Logger, jumping_clock: JumpingClock) -> None:
    """What ends the program, such as Ctrl-C, is not taken for a log that fails."""
    logger.addHandler(Failing(KeyboardInterrupt()))
    logger.setLevel(logging.DEBUG)
    async with on_line(httpx.MockTransport(lambda _: httpx.Response(200, json=MADE))) as billingo:
        with pytest.raises(KeyboardInterrupt):
            await billingo.invoices.cancel(42)
