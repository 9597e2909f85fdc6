"""Each ONCE operation of API v2 as the journal sees it: stated, sent, found again, its result written down.

When any of it is done is never decided here.
"""
