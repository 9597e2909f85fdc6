"""A page is a sequence of its rows that knows where it stands."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

import pytest
from paged_source import Row, rows

from billingo_async import Page


def test_page_is_a_sequence() -> None:
    """Length, indexes, slices, membership and order are those of its rows."""
    page = Page(rows([4, 5, 6]), page=2, has_next=True)
    assert isinstance(page, Sequence)
    assert (len(page), page[0], page[-1], page[1:]) == (3, Row(4), Row(6), (Row(5), Row(6)))
    assert (list(page), list(reversed(page))) == (rows([4, 5, 6]), rows([6, 5, 4]))
    assert Row(5) in page
    assert (page.index(Row(6)), page.count(Row(7))) == (2, 0)
    with pytest.raises(IndexError):
        page[3]


def test_empty_page_is_false() -> None:
    """Like any empty sequence."""
    assert not Page[Row]([], page=1, has_next=False)


def test_page_keeps_its_rows_to_itself() -> None:
    """A list that changes later does not change the page."""
    source = rows([1])
    page = Page(source, page=1, has_next=False)
    source.clear()
    assert len(page) == 1


def test_repr_shows_no_row() -> None:
    """Rows are somebody's data."""
    page = Page([Row(1, "Kovács Kft.")], page=1, has_next=True)
    assert repr(page) == "<Page 1: 1 rows, more to come>"
    assert repr(Page(list(page), page=2, has_next=False)) == "<Page 2: 1 rows>"


def test_page_is_pickled() -> None:
    """A page goes through a cache and comes back."""
    page = pickle.loads(pickle.dumps(Page(rows([1, 2]), page=3, has_next=True)))  # noqa: S301 - made on this line
    assert (list(page), page.page, page.has_next) == (rows([1, 2]), 3, True)
