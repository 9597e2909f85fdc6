"""The judge: compares the server's books with the keys, and what callers were told with the books. Knows no fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billingo_async import BillingoError, ConnectionFailedError, KeyConflictError, ThrottledError
from simulated_world.story import MAKING, ONCE, WINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulated_world.network import Commit
    from simulated_world.story import Act, Story

NEVER_SENT: Final = (ConnectionFailedError, ThrottledError, KeyConflictError)
DONE: Final = ONCE - {"invoices.send", "documents.send"} | {"mail"}
"""What the books tell of what happens once; of a mail, that it left."""
SUMS: Final = frozenset({"pay", "pay more", "undo"})
"""Acts whose answer is what is paid and what is left open."""
RESULTS: Final = frozenset({"create", "cancel", "resolve", "modify", "copy"})
"""Acts whose answer is a document."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller received from a process: an id, None, or an error; and the number of its call."""

    act: Act
    value: object
    process: str
    call: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a story ended: what is wrong, what a reader sees of it, the books, and what callers received."""

    story: Story
    failures: list[str]
    lines: Sequence[str]
    commits: Sequence[Commit]
    answers: Sequence[Answer]

    def describe(self) -> str:
        """Return the story, what happened, and what is wrong with it."""
        return "\n".join([self.story.describe(), "", *self.lines, "", *self.failures])


def failures_of(ending: Ending) -> list[str]:
    """Return what is wrong: done twice, a lie, an error that is none of ours."""
    return [*_done_twice(ending), *_lies(ending), *_strange_errors(ending), *_false_words(ending)]


def _done_twice(ending: Ending) -> Iterator[str]:
    """No key has done anything twice; orders that say the very same are as many as their keys, whichever was sent."""
    story = ending.story
    asked = {each.act.order for each in ending.answers}
    look = {each.key: (each.client, each.price, each.comment, story.stamp and each.key) for each in story.orders}
    done = Counter(commit.intent for commit in ending.commits if commit.operation in DONE)
    for intent, times in done.items():
        what, _, order = intent.rpartition(" ")
        similar = [each for each in asked if look[each] == look[order]] if what == "create" else [order]
        is_more = sum(done[f"{what} {each}"] for each in similar) > len(similar)
        if times > 1 and what in story.promised and is_more:
            yield f"{intent}: done {times} times"


def _lies(ending: Ending) -> Iterator[str]:
    """What a caller got is what was made for its key, or for an order that says the very same; no two keys share it."""
    twins = {order.key: (order.client, order.price, order.comment) for order in ending.story.orders}
    made_for = {commit.id: commit.intent for commit in ending.commits if commit.operation in MAKING}
    keys_of = defaultdict[int, set[str]](set)
    results = defaultdict[str, set[int]](set)
    for act, answer in ((each.act, each.value) for each in ending.answers):
        if act.what in RESULTS and isinstance(answer, int):
            asked = "create" if act.what == "resolve" else act.what
            keys_of[answer].add(act.order)
            results[f"{asked} {act.order}"].add(answer)
            what, _, order = made_for.get(answer, "nothing nowhere").rpartition(" ")
            if what != asked or twins.get(order) != twins[act.order]:
                yield f"{act.what} {act.order}: was given {answer}, which is of {what} {order}"
    for id_, keys in keys_of.items():
        if len(keys) > 1:
            yield f"{id_} was given to {', '.join(sorted(keys))}"
    for intent, ids in results.items():
        if len(ids) > 1 and intent.rpartition(" ")[0] in ending.story.promised:
            yield f"{intent}: was given {sorted(ids)}"


def _strange_errors(ending: Ending) -> Iterator[str]:
    """Every error is one of the library's."""
    for act, answer in ((each.act, each.value) for each in ending.answers):
        if isinstance(answer, Exception) and not isinstance(answer, BillingoError):
            yield f"{act.what} {act.order}: {type(answer).__name__}: {answer}"


def _false_words(ending: Ending) -> Iterator[str]:
    """What was said to have happened is in the books, and what was said not to have been sent is not."""
    done = {commit.intent for commit in ending.commits}
    price = {order.key: order.price for order in ending.story.orders}
    for each in ending.answers:
        intent = f"{each.act.what} {each.act.order}"
        # A payment's answer tells sums alone: of two that leave the same open, it is anyone's.
        intents = {f"{each.act.what} {key}" for key in price if price[key] == price[each.act.order]}
        if (
            any(each.act.what in wing.operations for wing in WINGS.values())
            and each.value is None
            and not done & (intents if each.act.what in SUMS else {intent})
        ):
            yield f"{intent}: was said to be done, and was not"
        was_sent = any(one.intent == intent and one.call == each.call for one in ending.commits)
        if was_sent and (isinstance(each.value, NEVER_SENT) or getattr(each.value, "sent", None) is False):
            yield f"{intent}: was said not to have been sent, and was done ({type(each.value).__name__})"
