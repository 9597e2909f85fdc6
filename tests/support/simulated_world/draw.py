"""Stories drawn from seeds: an ordinary day, and few kinds of trouble in it, but those more than once.

What a story is made of stands in `story`. Some kinds are whole situations, in which a mend of the library shows.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from simulated_world import story as told
from simulated_world.network import TROUBLES
from simulated_world.storage import LOST_AFTER, LOST_BEFORE
from simulated_world.world import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from simulated_world.story import Wing

MIDNIGHT: Final = 1_763_337_600.0
"""17 November 2025, 00:00 UTC."""
LOST: Final = ("line dropped after the commit", "silence after the commit", "line dropped, and done later")
LOST_BY_CLOCK: Final = (375 * told.DAY, 3 * told.DAY, -3 * told.DAY, -375 * told.DAY)


def draw(seed: int, *troubles: str) -> told.Story:
    """Return the story of a seed; with `troubles`, names of `THEMES`, one in which these and no others befall."""
    dice = random.Random(f"story {seed}")  # noqa: S311 - a story, no secret
    wings = dice.choice([("v2",), ("v2",), ("v3",), ("v2", "v3")])
    workers = tuple(_worker(dice, dice.choice(wings)) for _ in range(dice.choice([1, 2, 2, 2, 3])))
    orders = _orders(dice)
    story = told.Story(
        seed=seed,
        epoch=MIDNIGHT + dice.choice([36_000.0, dice.uniform(-40.0, 0.0), dice.uniform(0.0, told.DAY)]),
        server_offset=dice.choice([0.0, 0.0, dice.uniform(-3.0, 3.0), dice.uniform(-7_200.0, 7_200.0)]),
        store=told.SERVER if dice.random() < 0.4 else told.FILES,
        stamp=dice.choice([None, dice.choice(told.STAMPS)]),
        second_look=dice.choice([0.0, 3.0]),
        timeout=dice.choice([2.0, 5.0, 30.0]),
        max_wait=dice.choice([10.0, 60.0]),
        trust_refusals=dice.random() < 0.7,
        vendor_id_lag=dice.choice([0.0, 0.0, 1.9]),
        orders=orders,
        workers=workers,
        favourite=dice.choice(told.WINGS[workers[0].wing].acts),
    )
    story = replace(story, acts=tuple(_act(dice, story) for _ in range(dice.randint(1, 3) + len(orders))))
    for trouble in troubles or dice.sample(sorted(THEMES), dice.choice([1, 1, 2, 2, 3])):
        story = THEMES[trouble](dice, story)
    return _possible(story)


def _worker(dice: Random, wing: str) -> told.Worker:
    return told.Worker(wing, restarts_after=dice.choice([0.5, 3.0, 120.0]), has_link=dice.random() < 0.2)


def _orders(dice: Random) -> tuple[told.Order, ...]:
    """Return some orders, now and then one that looks like another."""
    orders = [
        told.Order(
            key,
            dice.randrange(2),
            f"{dice.randint(1, 9)}{dice.choice(['00', '25.50', '7.333'])}",
            dice.choice(told.COMMENTS),
        )
        for key in dice.sample(told.KEYS, dice.choice([1, 2, 2, 3]))
    ]
    if len(orders) > 1 and dice.random() < 0.2:
        orders[1] = replace(orders[0], key=orders[1].key)
    return tuple(orders)


def _act(dice: Random, story: told.Story) -> told.Act:
    worker = dice.randrange(len(story.workers))
    acts = told.WINGS[story.workers[worker].wing].acts
    what = dice.choice(["create", "create", story.favourite, story.favourite, dice.choice(acts)])
    return told.Act(
        worker,
        what if what in acts else "create",
        dice.choice(story.orders).key,
        at=dice.choice([0.0, dice.uniform(0.0, 3.0)]),
        patience=dice.uniform(0.0, 3.0) if dice.random() < 0.1 else None,
        spelling=dice.choice(sorted(told.SPELLINGS)) if dice.random() < 0.1 else "",
    )


def _possible(story: told.Story) -> told.Story:
    """Leave out what would break a promise that nobody makes, and put what happens in the order of time."""
    wings = {worker.wing for worker in story.workers}
    disk, alterations, lag, faults = story.disk_faults, story.alterations, story.vendor_id_lag, story.request_faults
    if len(wings) > 1:  # neither API brings back what was made over the other
        disk = tuple(fault for fault in disk if fault[1] not in told.LOSSES)
    loses = any(what in told.LOSSES for _, what, _ in disk)
    if loses:  # nothing but the account tells what there is, and it must tell it
        lag = 0.0
        faults = tuple(fault for fault in faults if fault[2] != "slow" and not fault[2].endswith("done later"))
    if loses or "v3" in wings:  # a stamp, or a vendor id, comes back as it was, or not at all
        alterations = tuple(name for name in alterations if name != "accents lost")
    return replace(
        story,
        acts=tuple(sorted(story.acts, key=lambda act: act.at)),
        disk_faults=tuple(sorted(disk)),
        request_faults=faults,
        alterations=alterations,
        vendor_id_lag=lag,
    )


def _requests(dice: Random, story: told.Story) -> told.Story:
    """Some requests meet something."""
    wing, operation = _wing(story), _operation(story)
    names = dice.choices(sorted(TROUBLES), k=dice.choice([1, 1, 2]))
    operations = [wing.operations["create"]] * 3 + [operation] * 3 + [*wing.reads]
    faults = {
        (dice.choice(operations), dice.choice([1, 1, 2, 2, 3, dice.randint(1, 8)])): dice.choice(names)
        for _ in range(dice.choice([1, 2, 3, 4]))
    }
    return replace(story, request_faults=_faults(faults))


def _crossed_answers(dice: Random, story: told.Story) -> told.Story:
    """A proxy gives one order the answer of another."""
    what = dice.choice(["create", story.favourite, "cancel", "cancel"])
    acts = [told.Act(0, what if what in _wing(story).acts else "create", order.key) for order in story.orders]
    operation = _wing(story).operations.get(what, _operation(story))
    faults = {(operation, number): "another call's answer" for number in dice.choice([(2,), (2, 3), (3,)])}
    return replace(story, acts=(*story.acts, *acts), request_faults=_faults(faults))


def _similar_orders(dice: Random, story: told.Story) -> told.Story:
    """Two orders say the same, and the line of one of them drops."""
    one, other = (replace(story.orders[0], key=key) for key in dice.sample(told.KEYS, 2))
    names = ("line dropped before it was read", "line dropped before it was read", "line dropped after the commit")
    return replace(
        story,
        orders=(one, other),
        acts=(told.Act(0, "create", one.key), told.Act(0, "create", other.key, dice.choice([0.0, 1.0]))),
        request_faults=_faults({(_wing(story).operations["create"], dice.choice([1, 2])): dice.choice(names)}),
    )


def _alterations(dice: Random, story: told.Story) -> told.Story:
    """The server stores something else than it was sent, and the answer is lost; now and then a person has a say."""
    lost = {1, dice.choice([1, 2]), dice.choice([2, 3])}
    name = dice.choice(["line dropped after the commit", "silence, and done later", "silence after the commit"])
    says = [told.Act(0, "resolve", order.key, dice.uniform(5.0, 60.0)) for order in story.orders if dice.random() < 0.3]
    return replace(
        story,
        acts=(*story.acts, *says),
        alterations=tuple(dice.sample(sorted(told.ALTERATIONS), dice.choice([1, 1, 2]))),
        request_faults=_faults({(_wing(story).operations["create"], number): name for number in lost}),
    )


def _disk(dice: Random, story: told.Story) -> told.Story:
    """The journal is away, full, copied, or another one."""
    if story.store == told.SERVER:
        lost = {dice.randint(1, 20): dice.choice([LOST_BEFORE, LOST_AFTER]) for _ in range(dice.randint(0, 2))}
        frozen = ((dice.uniform(0.0, 3.0), "frozen", dice.choice([1.0, 30.0, 100.0])),)
        return replace(story, disk_faults=frozen, transaction_faults=tuple(sorted(lost.items())))
    some = [
        (dice.uniform(0.0, 4.0), dice.choice(told.DISK_FAULTS), dice.choice([1.0, 30.0, 100.0]))
        for _ in range(dice.choice([1, 1, 2]))
    ]
    if any(what == "restored" for _, what, _ in some):
        some.append((dice.uniform(0.1, 2.0), "copied", 0.0))
    return replace(story, disk_faults=tuple(some))


def _unreachable(dice: Random, story: told.Story) -> told.Story:
    """No connection to the server comes about for a time."""
    return replace(story, unreachable=((dice.uniform(0.0, 2.0), dice.uniform(0.1, 20.0)),))


def _clocks(dice: Random, story: told.Story) -> told.Story:
    """The machines' clocks are wrong, or are set."""

    def wrong(worker: told.Worker) -> told.Worker:
        near, far = dice.uniform(-300.0, 300.0), dice.uniform(-3 * told.DAY, 3 * told.DAY)
        offset = dice.choice([dice.uniform(-2.0, 2.0), near, far, 375 * told.DAY])
        step = (dice.uniform(0.0, 5.0), dice.choice([-3_600.0, 5.0, 3_600.0, told.DAY]))
        return replace(worker, clock_offset=offset, clock_steps=(step,) if dice.random() < 0.3 else ())

    return replace(story, workers=tuple(wrong(worker) for worker in story.workers))


def _stops(dice: Random, story: told.Story) -> told.Story:
    """Workers stand still, or die, at any moment."""

    def stop() -> Stop:
        moment = int(math.exp(dice.uniform(0.0, math.log(1_500.0))))
        if dice.random() < 0.4:
            return Stop(moment, None)
        is_asleep = dice.random() < 0.3
        seconds = dice.choice([1.0, 10.0, 20.0, 35.0, 48.0, 85.0, told.DAY / 2])
        return Stop(moment, seconds, is_asleep, is_asleep and dice.random() < 0.5)

    some = [tuple(stop() for _ in range(dice.choice([0, 1, 1, 2, 3]))) for _ in story.workers]
    return replace(
        story, workers=tuple(replace(one, stops=stops) for one, stops in zip(story.workers, some, strict=True))
    )


def _sender_stands_still(dice: Random, story: told.Story) -> told.Story:
    """A worker has claimed a key and stands still; another one asks for the same key meanwhile."""
    first, order = story.workers[0], story.orders[0]
    seconds = dice.choice([20.0, 58.0, 70.0, 85.0])
    hides = dice.choice(["behind a link", "behind a link", "its folder deleted", "its folder deleted", "not"])
    is_deleted = story.store == told.FILES and hides == "its folder deleted"
    return replace(
        story,
        orders=(order,),
        workers=(
            replace(first, stops=(_after_claim(dice, seconds),), has_link=hides == "behind a link"),
            replace(first, stops=(), has_link=False),
        ),
        acts=(told.Act(0, "create", order.key), told.Act(1, "create", order.key, dice.uniform(0.2, 3.0))),
        request_faults=(),
        disk_faults=((dice.uniform(0.3, 2.0), "workers' folder deleted", 0.0),) if is_deleted else (),
        max_wait=60.0,
    )


def _after_claim(dice: Random, seconds: float) -> Stop:
    """Return a stop between the journal's word that a key is this worker's and the request."""
    return Stop(dice.randint(1, 8), seconds, transaction=dice.choice([3, 3, 3, 4]))


def _wakes_on_another_day(dice: Random, story: told.Story) -> told.Story:
    """A worker that knows no server's clock claims a key on a wrong day, and its own is set before it sends."""
    offset = dice.choice(LOST_BY_CLOCK)
    worker = replace(
        story.workers[0],
        wing="v2",
        clock_offset=offset,
        clock_steps=((dice.uniform(4.0, 20.0), -offset),),
        stops=(_after_claim(dice, 20.0),),
        has_link=False,
    )
    unheard = {("invoices.query", number): "line dropped before it was read" for number in range(1, 5)}
    return replace(
        story,
        workers=(worker,),
        orders=story.orders[:1],
        acts=(told.Act(0, "create", story.orders[0].key),),
        stamp=None,
        disk_faults=(),
        request_faults=_faults(unheard | {("invoices.create", 1): dice.choice(LOST)}),
    )


def _wing(story: told.Story) -> Wing:
    return told.WINGS[story.workers[0].wing]


def _operation(story: told.Story) -> str:
    """Return what the act that is asked for most asks the server for."""
    operations = _wing(story).operations
    return operations.get(story.favourite, operations["create"])


def _faults(faults: Mapping[tuple[str, int], str]) -> tuple[tuple[str, int, str], ...]:
    return tuple((operation, number, name) for (operation, number), name in sorted(faults.items()))


THEMES: Final[Mapping[str, Callable[[Random, told.Story], told.Story]]] = {
    "requests": _requests,
    "requests of another kind": _requests,
    "crossed answers": _crossed_answers,
    "orders alike": _similar_orders,
    "alterations": _alterations,
    "disk": _disk,
    "unreachable": _unreachable,
    "clocks": _clocks,
    "stops": _stops,
    "a sender stands still": _sender_stands_still,
    "another day": _wakes_on_another_day,
}
"""Kinds of trouble, and what each makes of a story."""
