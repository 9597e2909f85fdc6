"""What v2's operations do, one file a noun: checked parameters in, an answer in v2's dialect out.

No socket, no token and no header enters here.
"""
