"""Each ONCE operation of API v2 as the journal sees it: stated, sent, found again, its result written down."""
