"""The mends of the library, taken out one by one: the simulated world finds the fault that each of them keeps out.

In the suite a mend is tried with one kind of trouble and the story that missed it, and with others of that kind where
that story has changed since. With `BILLINGO_TEST_STORIES`, as in `nox -s thorough`, stories of all kinds are played,
and the first that misses it is printed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from simulated_world.draw import draw
from simulated_world.play import play

from billingo_async.journal.port import Match, OpenIntent
from billingo_async.protocol.decoders import OfModel
from billingo_async.v2.compare import compare

if TYPE_CHECKING:
    from collections.abc import Mapping

IS_LONG: Final = "BILLINGO_TEST_STORIES" in os.environ
COUNT: Final = 1_000 if IS_LONG else 300


def nothing(*_: Any, **__: Any) -> None:
    """Find nothing, and object to nothing."""


def never(*_: Any) -> bool:
    """Deny it."""
    return False


def always(*_: Any) -> bool:
    """Agree to it."""
    return True


def as_it_is(value: Any) -> Any:
    """Return a value as it is."""
    return value


def without_alterations(*arguments: Any) -> Match:
    """Take what a server has altered for something else."""
    match = compare(*arguments)
    return Match.NO if match is Match.ALTERED else match


def by_own_clock(row: Any) -> OpenIntent:
    """Ask the account for a window of this machine's clock alone."""
    return OpenIntent(row.key, (row.request or "").encode(), row.stamp, row.before, row.begun_at, row.begun_at + 30.0)


class UnfollowedPath(type(Path())):  # type: ignore[misc]  # the class of a path is the system's
    """A path whose links are not followed."""

    def resolve(self, strict: bool = False) -> Path:  # noqa: FBT001, FBT002 - the signature is pathlib's
        """Return it as it is."""
        del strict
        return Path(self)


async def unasked(*_: Any) -> str:
    """Say that no document has the vendor id."""
    return '{"id": null}'


def unchecked(name: str) -> Any:
    """Believe every answer of one operation."""

    def checked(decoder: Any, model: Any, call: Any, reply: Any) -> Any:
        return model if call.operation.name == name else CHECKED(decoder, model, call, reply)

    return checked


def database_alone(workers: Any) -> None:
    """Look at the database's file, and not at the lock."""
    workers._database.check_file()


def no_pause(*_: Any) -> float:
    """Look again at once."""
    return 0.0


def believed(call: Any, _: Any) -> Any:
    """Compare an answer with nothing that was there before."""
    return call


CHECKED: Final = cast("Any", OfModel)._checked
J, V2, V3 = "billingo_async.journal", "billingo_async.v2", "billingo_async.v3"
ANSWERS: Final = "billingo_async.protocol.decoders.OfModel._checked"
KEYS: Final = (f"{V2}.once.create", f"{V3}.once", f"{J}.kinds")
MENDS: Final[Mapping[str, tuple[str, int, dict[str, object]]]] = {
    "a worker whose lease ends sends nothing": (
        "a sender stands still",
        50,
        {f"{J}.workers.Leases.check_lease": nothing},
    ),
    "a worker whose lock is gone sends nothing": (
        "a sender stands still",
        33,
        {f"{J}.workers.LockedFiles.check_files": database_alone},
    ),
    "a worker whose journal is gone sends nothing": ("disk", 38, {f"{J}.database.Database.check_file": nothing}),
    "one file is one journal, whatever leads to it": (
        "a sender stands still",
        39,
        {f"{J}.database.Path": UnfollowedPath, f"{J}.workers.LockedFiles.is_out_of_sight": never},
    ),
    "keys that look alike are one": ("requests", 2, {f"{room}.check_key": as_it_is for room in KEYS}),
    "the window spans both clocks": ("clocks, alterations", 5, {f"{J}.reconcile.open_intent": by_own_clock}),
    "what was sent at no known time is in doubt": ("another day", 0, {f"{J}.reconcile._undated": nothing}),
    "it is looked for again once nothing can be on its way": (
        "requests",
        90,
        {f"{J}.reconcile.pause_before_second_look": no_pause},
    ),
    "a vendor id is looked for again once its index had time": (
        "requests",
        193,
        {f"{V3}.once.VendorIdCreation.may_lag": False},
    ),
    "a vendor id is asked for before": ("disk", 34, {f"{V3}.once.VendorIdCreation.prepare": unasked}),
    "what a server has altered is in doubt": ("alterations", 7, {f"{V2}.once.create.compare": without_alterations}),
    "a stamp that a server has altered is another's perhaps": (
        "alterations",
        20,
        {f"{J}.upkeep.is_altered_text": nothing},
    ),
    "what a gateway has refused is looked for": ("requests", 47, {f"{J}.job.TOO_MUCH": frozenset[int]()}),
    "the answer of v2's create is compared": (
        "crossed answers",
        99,
        {ANSWERS: unchecked("invoices.create"), f"{V2}.once.create.compared": believed},
    ),
    "the answer of v2's cancel is compared": (
        "crossed answers",
        19,
        {ANSWERS: unchecked("invoices.cancel"), f"{V2}.once.acts._check": nothing},
    ),
    "the answer of v3's create is compared": ("crossed answers", 272, {ANSWERS: unchecked("documents.create")}),
    "the answer of v3's cancel is compared": (
        "crossed answers",
        143,
        {ANSWERS: unchecked("documents.cancel"), f"{V3}.once.unlike_original": nothing},
    ),
    "a person's word is compared over v2": (
        "alterations",
        39,
        {f"{V2}.once.create.contradiction": nothing, f"{V2}.once.create.InvoicesCreate.agrees": always},
    ),
    "a person's word is compared over v3": (
        "alterations",
        11,
        {f"{V3}.once.contradiction": nothing, f"{V3}.once.VendorIdCreation.agrees": always},
    ),
}
"""By what the library promises: the trouble and the story that miss it, and what is put in the place of its mend."""


@pytest.mark.parametrize("name", MENDS)
def test_a_mend_that_is_taken_out_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it a story ends with two documents for a key, with a lie, or with a wait for ever."""
    trouble, first, patches = MENDS[name]
    for target, replacement in patches.items():
        monkeypatch.setattr(target, replacement)
    troubles = () if IS_LONG else trouble.split(", ")
    stories = (draw(seed, *troubles) for seed in ([] if IS_LONG else [first]) + list(range(COUNT)))
    found = next((story.seed for story in stories if play(story).failures), None)
    print(f"story {found} misses: {name}")  # noqa: T201 - `pytest -rP` shows it
    assert found is not None, f"no story of {COUNT} misses that {name}"
