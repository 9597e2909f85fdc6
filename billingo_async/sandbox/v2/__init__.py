"""API v2 of the sandbox: tokens from a pair of keys, envelopes, strings for numbers."""
