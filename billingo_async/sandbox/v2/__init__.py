"""API v2 of the sandbox: tokens from a pair of keys, envelopes, strings for numbers.

Never enters here: what API v3 alone has.
"""
