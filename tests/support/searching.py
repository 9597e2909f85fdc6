"""Looks for secrets wherever something may show them: logs, texts, pickles, and the locals of every frame."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from rich.pretty import pretty_repr
from sentry_sdk.serializer import serialize

import billingo_async

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

PACKAGE = str(Path(billingo_async.__file__).parent)


class Ear(logging.Handler):
    """Hears every record of every logger."""

    def __init__(self) -> None:
        """Hear from level 1 on."""
        super().__init__(level=1)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep all that the record could show."""
        self.heard.append(f"{record.getMessage()} {record.args!r} {vars(record)!r}")


@contextmanager
def all_logs() -> Generator[Ear]:
    """Turn every logger up as far as it goes, and hear them."""
    ear = Ear()
    loggers = [logging.getLogger(name) for name in (None, "billingo_async", "httpx", "httpcore", "asyncio", "aiohttp")]
    loggers += [logging.getLogger(f"httpcore.{name}") for name in ("connection", "http11", "proxy")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(1)
    loggers[0].addHandler(ear)
    try:
        yield ear
    finally:
        loggers[0].removeHandler(ear)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def spellings(secret: str) -> set[str]:
    """Return how a secret may be written: plain, in JSON, in an address, as bytes."""
    written = repr(secret.encode())[2:-1]
    return {secret, json.dumps(secret)[1:-1], quote(secret), quote_plus(secret), written, written.replace("\\", "\\\\")}


def found(texts: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """Return the texts in which a secret stands, each with the secret, cut to what is around it."""
    wanted = [spelling for secret in secrets for spelling in spellings(secret)]
    return [
        f"{spelling!r} in ...{text[max(0, text.index(spelling) - 100) :][:250]}..."
        for text in texts
        for spelling in wanted
        if spelling in text
    ]


def shown_by(error: BaseException) -> Iterator[str]:
    """Yield all that an exception shows, its causes and contexts included, as the nosiest helper would."""
    for one in chain_of(error):
        yield from (str(one), repr(one), "".join(traceback.format_exception_only(one)))
        yield repr(pickle.dumps(one))
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if frame.f_code.co_filename.startswith((PACKAGE, "<string>")):  # whose code a dataclass writes
                for name, value in frame.f_locals.items():
                    where = f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_qualname}: {name} = "
                    yield from (where + repr(value), where + pretty_repr(value), where + repr(serialize({name: value})))


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, and whatever it names as its cause or its context, once each."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "cause", None)]
