"""API v3 of the sandbox: one key in a header, bare objects, exact numbers, documents that are issued at once.

Never enters here: what API v2 alone has.
"""
