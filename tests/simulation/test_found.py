"""Stories that were found by drawing and shrunk to what they need: each was red once, and each is one of a kind."""

from __future__ import annotations

from typing import Final

import pytest
from simulated_world.play import play
from simulated_world.story import SERVER, Act, Order, Story, Worker
from simulated_world.world import Stop

TEN_O_CLOCK: Final = 1_763_373_600.0
"""17 November 2025, 10:00 UTC."""
FOUND: Final = {
    "the lease runs out while a worker reconciles behind a frozen database": Story(
        155, TEN_O_CLOCK + 3_129.0, store=SERVER, second_look=0.0, timeout=30.0, alterations=("due date moved",),
        orders=(Order("12", 0, "825.50", "Köszönjük!"),), workers=(Worker(), Worker()),
        acts=(Act(0, "create", "12"), Act(1, "pay more", "12")), disk_faults=((2.70153, "frozen", 100.0),),
    ),
    "a line of the comment looks like a stamp when a lost journal is recovered": Story(
        279, TEN_O_CLOCK, stamp="{key}", orders=(Order("2", 0, "17.333", "Köszönjük: 2026 12"),),
        acts=(Act(0, "create", "2"),), disk_faults=((2.37271, "replaced", 30.0),),
    ),
    "a server without accents makes one key's stamp of another's, and the first is in doubt": Story(
        379, TEN_O_CLOCK, stamp="Ref. {key}", alterations=("accents lost",),
        orders=(Order("order-ő-1", 1, "525.50", "Köszönjük 🎉 a vásárlást"),), acts=(Act(0, "create", "order-ő-1"),),
        request_faults=(("invoices.create", 1, "silence after the commit"),),
    ),
    "the journal goes away after the request has left, and nothing is said to have been sent": Story(
        435, TEN_O_CLOCK, store=SERVER, alterations=("due date moved",),
        orders=(Order("12", 0, "225.50", "Árvíztűrő tükörfúrógép"), Order("2", 1, "67.333", "Árvíztűrő tükörfúrógép")),
        acts=(Act(0, "create many", "12"),), transaction_faults=((17, "connection lost before the transaction"),),
    ),
    "a worker's clock is set to tomorrow before its first request, which is done late": Story(
        830, TEN_O_CLOCK, server_offset=-2963.416873898628, orders=(Order("12", 1, "525.50", "Köszönjük!"),),
        workers=(Worker(), Worker(), Worker(clock_steps=((0.17502060800275887, 86_400.0),))),
        acts=(Act(2, "create", "12"),), request_faults=(("invoices.create", 2, "line dropped, and done later"),),
    ),
    "a server cuts the comment and adds a line": Story(
        1034, TEN_O_CLOCK, alterations=("comment cut to 24 characters", "line appended to comment"),
        orders=(Order("12", 1, "97.333", "Árvíztűrő tükörfúrógép, 3 db, futárral küldve"),),
        acts=(Act(0, "create", "12"),), request_faults=(("invoices.create", 1, "line dropped after the commit"),),
    ),
    "a server cuts the comment within a number, and its accents": Story(
        57_766, TEN_O_CLOCK, stamp="{key}", alterations=("comment cut to 24 characters", "accents lost"),
        orders=(Order("order-ő-1", 1, "300", "Köszönjük: 2026 12"),), acts=(Act(0, "create", "order-ő-1"),),
        request_faults=(("invoices.create", 1, "silence, and done later"),),
    ),
    "a proxy gives one order the answer of another, of which only the gross sum is told": Story(
        1224, TEN_O_CLOCK, orders=(Order("12", 1, "400", ""), Order("2", 1, "800", "")),
        acts=(Act(0, "create", "12"), Act(0, "create", "2", 1.0)),
        request_faults=(("invoices.create", 2, "another call's answer"),),
    ),
    "a gateway refuses what was done": Story(
        15, TEN_O_CLOCK, orders=(Order("2", 1, "125.50", ""),), acts=(Act(0, "pay", "2"),),
        request_faults=(("invoices.create", 1, "503 with Retry-After after the commit"),
                        ("invoices.pay", 1, "429 with Retry-After after the commit")),
    ),
    "a gateway refuses what was done, and then no connection comes about": Story(
        51_254, TEN_O_CLOCK, unreachable=((0.441, 9.091),),
        orders=(Order("order-ő-1", 0, "200", ""), Order("2", 1, "525.50", ""), Order("12", 1, "625.50", "")),
        workers=(Worker(), Worker("v3"), Worker("v3")),
        acts=(Act(2, "send", "12"), Act(1, "create", "2", 0.275), Act(1, "create", "order-ő-1", 1.476)),
        request_faults=(("documents.create", 2, "503 with Retry-After after the commit"),),
    ),
    "a journal is deleted between two processes": Story(
        113, TEN_O_CLOCK, stamp="Ref. {key}", orders=(Order("12", 1, "27.333", ""),), acts=(Act(0, "create", "12"),),
        disk_faults=((2.42, "deleted", 1.0),),
    ),
    "a proxy gives one payment the answer of another, which was refused and is said to be done": Story(
        14, TEN_O_CLOCK, orders=(Order("12", 1, "325.50", ""), Order("2", 0, "925.50", "")),
        acts=(Act(0, "cancel", "12"), Act(0, "pay", "2"), Act(0, "pay", "12", 1.0)),
        request_faults=(("invoices.pay", 2, "another call's answer"),),
    ),
    "a proxy says of another invoice's payment that it is undone, and nothing was paid": Story(
        46_989, TEN_O_CLOCK, orders=(Order("2", 1, "47.333", ""), Order("12", 1, "47.333", "")),
        acts=(Act(0, "pay", "2"), Act(0, "undo", "2", 1.0), Act(0, "undo", "12", 2.0)),
        request_faults=(("invoices.undo_payment", 2, "another call's answer"),),
    ),
    "the index of vendor ids lags behind a document whose answer was not what was asked": Story(
        246, TEN_O_CLOCK, second_look=0.0, vendor_id_lag=1.9, alterations=("due date moved",),
        orders=(Order("2", 1, "57.333", ""),), workers=(Worker("v3"),), acts=(Act(0, "create", "2"),),
    ),
    "a document is made late, and the index of vendor ids lags behind it": Story(
        10_787, TEN_O_CLOCK, vendor_id_lag=1.9, orders=(Order("12", 1, "97.333", ""),), workers=(Worker("v3"),),
        acts=(Act(0, "create", "12"),), request_faults=(("documents.create", 1, "line dropped, and done later"),),
    ),
    "a machine wakes up with both clocks where they stopped, and hears from the server how late it is": Story(
        0, TEN_O_CLOCK, store=SERVER, orders=(Order("order-ő-1", 1, "67.333", ""), Order("12", 0, "200", "")),
        workers=(Worker(stops=(Stop(85, 43_200.0, is_asleep=True, is_behind=True),)), Worker(stops=(Stop(11, 35.0),))),
        acts=(
            *(Act(0, what, "order-ő-1") for what in ("pay", "cancel", "create")),
            *(Act(worker, "pay more", "12") for worker in (1, 0)),
            Act(0, "cancel", "12"),
        ),
    ),
    "the folder of locks is deleted while a worker stands still between its last look and its write": Story(
        6_439, TEN_O_CLOCK, orders=(Order("12", 0, "77.333", "Köszönjük!"),),
        workers=(Worker(stops=(Stop(5, 20.0, transaction=3),)),),
        acts=(Act(0, "create", "12"), Act(0, "create", "12", 2.64)),
        disk_faults=((1.81, "workers' folder deleted", 0.0),),
    ),
    "two workers whose leases ended behind a frozen database take each other's keys for ever": Story(
        14_051, TEN_O_CLOCK, store=SERVER, timeout=30.0, max_wait=10.0,
        orders=(Order("order-ő-1", 1, "700", "Köszönjük: 2026 12"),), workers=(Worker("v3"), Worker("v3")),
        acts=(Act(1, "modify", "order-ő-1"), Act(0, "cancel", "order-ő-1")), disk_faults=((1.92194, "frozen", 100.0),),
        unreachable=((0.06428, 3.55245),),
    ),
    "a proxy gives one copy the answer of another": Story(
        7_313, TEN_O_CLOCK, orders=(Order("12", 1, "200", ""), Order("2", 1, "17.333", "")), workers=(Worker("v3"),),
        acts=(Act(0, "copy", "12"), Act(0, "copy", "2")),
        request_faults=(("documents.copy", 2, "another call's answer"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", FOUND.values(), ids=FOUND)
def test_what_was_found_once_is_mended(story: Story) -> None:
    """The books agree with the keys, and nobody was told a lie."""
    ending = play(story)
    assert ending.failures == [], ending.describe()
