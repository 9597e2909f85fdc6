"""Stories drawn from seeds: few kinds of trouble in each, but those more than once.

What a story is made of stands in `story`.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from simulated_world.network import OPERATIONS, TROUBLES
from simulated_world.storage import LOST_AFTER, LOST_BEFORE
from simulated_world.story import (
    ACTS,
    ALTERATIONS,
    COMMENTS,
    DAY,
    DISK_FAULTS,
    FILES,
    KEYS,
    LOSSES,
    SERVER,
    SPELLINGS,
    STAMPS,
    Act,
    Order,
    Story,
    Worker,
)
from simulated_world.world import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def draw(seed: int) -> Story:
    """Return the story of a seed: few kinds of trouble in each, but those more than once."""
    dice = random.Random(f"story {seed}")  # noqa: S311 - a story, no secret
    midnight = 1_763_337_600.0  # 17 November 2025, 00:00 UTC
    epoch = midnight + dice.choice([36_000.0, dice.uniform(-40.0, 0.0), dice.uniform(0.0, DAY)])
    store = SERVER if dice.random() < 0.4 else FILES
    orders = _orders(dice)
    troubles = dice.sample(sorted(THEMES), dice.choice([1, 1, 2, 2, 3]))
    workers = tuple(_worker(dice, troubles) for _ in range(dice.choice([1, 2, 2, 2, 3])))
    favourite = dice.choice(ACTS)
    acts = [_act(dice, orders, len(workers), favourite) for _ in range(dice.randint(1, 3) + len(orders))]
    parts: dict[str, Any] = {}
    for trouble in troubles:
        parts |= THEMES[trouble](dice, store, OPERATIONS.get(favourite, "invoices.create"))
    if any(
        what in LOSSES for _, what, _ in parts.get("disk_faults", ())
    ):  # a stamp comes back as it was, or not at all
        parts["alterations"] = tuple(name for name in parts.get("alterations", ()) if name != "accents lost")
    return Story(
        seed=seed,
        epoch=epoch,
        server_offset=dice.choice([0.0, 0.0, dice.uniform(-3.0, 3.0), dice.uniform(-7_200.0, 7_200.0)]),
        store=store,
        stamp=dice.choice([None, dice.choice(STAMPS)]),
        second_look=dice.choice([0.0, 3.0]),
        timeout=dice.choice([2.0, 5.0, 30.0]),
        max_wait=dice.choice([10.0, 60.0]),
        trust_refusals=dice.random() < 0.7,
        orders=orders,
        workers=workers,
        acts=tuple(sorted(acts, key=lambda act: act.at)),
        **parts,
    )


def _orders(dice: random.Random) -> tuple[Order, ...]:
    """Return some orders, now and then one that looks like another."""
    prices = [f"{dice.randint(1, 9)}{dice.choice(['00', '25.50', '7.333'])}" for _ in KEYS]
    orders = [
        Order(key, dice.randrange(2), price, dice.choice(COMMENTS)) for key, price in zip(KEYS, prices, strict=True)
    ]
    if dice.random() < 0.2:
        orders[1] = replace(orders[0], key=orders[1].key)
    return tuple(orders[: dice.choice([1, 2, 2, 3])])


def _act(dice: random.Random, orders: tuple[Order, ...], workers: int, favourite: str) -> Act:
    what = dice.choice(["create", "create", favourite, favourite, dice.choice(ACTS)])
    patience = dice.uniform(0.0, 3.0) if dice.random() < 0.1 else None
    at = dice.choice([0.0, dice.uniform(0.0, 3.0)])
    spelling = dice.choice(sorted(SPELLINGS)) if dice.random() < 0.1 else ""
    return Act(dice.randrange(workers), what, dice.choice(orders).key, at, patience, spelling)


def _worker(dice: random.Random, troubles: list[str]) -> Worker:
    worker = Worker(restarts_after=dice.choice([0.5, 3.0, 120.0]), has_link=dice.random() < 0.2)
    if "clocks" in troubles:
        offset = dice.choice(
            [dice.uniform(-2.0, 2.0), dice.uniform(-300.0, 300.0), dice.uniform(-3 * DAY, 3 * DAY), 375 * DAY]
        )
        steps = ((dice.uniform(0.0, 5.0), dice.choice([-3_600.0, 5.0, 3_600.0, DAY])),) if dice.random() < 0.3 else ()
        worker = replace(worker, clock_offset=offset, clock_steps=steps)
    if "a sender stands still" in troubles:
        worker = replace(worker, stops=(Stop(dice.randint(20, 250), dice.choice([20.0, 35.0, 48.0, 60.0, 85.0])),))
    if "stops" in troubles:
        worker = replace(worker, stops=tuple(_stop(dice) for _ in range(dice.choice([0, 1, 1, 2, 3]))))
    return worker


def _stop(dice: random.Random) -> Stop:
    moment = int(math.exp(dice.uniform(0.0, math.log(1_500.0))))
    if dice.random() < 0.4:
        return Stop(moment, None)
    is_asleep = dice.random() < 0.3
    seconds = dice.choice([1.0, 10.0, 20.0, 35.0, 48.0, 85.0, DAY / 2])
    return Stop(moment, seconds, is_asleep, is_asleep and dice.random() < 0.5)


def _requests(dice: random.Random, _: str, operation: str) -> dict[str, Any]:
    names = dice.choices(sorted(TROUBLES) + ["another call's answer"] * 4, k=dice.choice([1, 1, 2]))
    operations = ["invoices.create"] * 3 + [operation] * 3 + ["invoices.query", "invoices.get"]
    faults = {
        (dice.choice(operations), dice.choice([1, 1, 2, 2, 3, dice.randint(1, 8)])): dice.choice(names)
        for _ in range(dice.choice([1, 2, 3, 4]))
    }
    return {"request_faults": tuple((operation, number, name) for (operation, number), name in sorted(faults.items()))}


def _alterations(dice: random.Random, _: str, __: str) -> dict[str, Any]:
    lost = sorted({1, dice.choice([1, 2]), dice.choice([2, 3])})
    name = dice.choice(["line dropped after the commit", "silence, and done later", "silence after the commit"])
    return {
        "alterations": tuple(dice.sample(sorted(ALTERATIONS), dice.choice([1, 1, 2]))),
        "request_faults": tuple(("invoices.create", number, name) for number in lost),
    }


def _disk(dice: random.Random, store: str, _: str) -> dict[str, Any]:
    if store == SERVER:
        lost = {dice.randint(1, 20): dice.choice([LOST_BEFORE, LOST_AFTER]) for _ in range(dice.randint(0, 2))}
        frozen = ((dice.uniform(0.0, 3.0), "frozen", dice.choice([1.0, 30.0, 100.0])),)
        return {"disk_faults": frozen, "transaction_faults": tuple(sorted(lost.items()))}
    some = [
        (dice.uniform(0.0, 4.0), dice.choice(DISK_FAULTS), dice.choice([1.0, 30.0, 100.0]))
        for _ in range(dice.choice([1, 1, 2]))
    ]
    if any(what == "restored" for _, what, _ in some):
        some.append((dice.uniform(0.1, 2.0), "copied", 0.0))
    return {"disk_faults": tuple(sorted(some))}


def _unreachable(dice: random.Random, _: str, __: str) -> dict[str, Any]:
    return {"unreachable": ((dice.uniform(0.0, 2.0), dice.uniform(0.1, 20.0)),)}


def _of_workers(_dice: random.Random, _: str, __: str) -> dict[str, Any]:
    return {}  # each worker draws its own


THEMES: Final[Mapping[str, Callable[[random.Random, str, str], dict[str, Any]]]] = {
    "requests": _requests,
    "requests of another kind": _requests,
    "alterations": _alterations,
    "disk": _disk,
    "unreachable": _unreachable,
    "clocks": _of_workers,
    "stops": _of_workers,
    "a sender stands still": _of_workers,
}
"""Kinds of trouble, and what each puts into a story."""
