"""Many invoices, none twice: the journal of keys, the reconciling of doubts, the run over thousands of drafts."""

from billingo_async.journal.journal import Journal

__all__ = ["Journal"]
