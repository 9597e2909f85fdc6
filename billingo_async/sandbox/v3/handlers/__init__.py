"""What v3's operations do, one file a noun: checked parameters in, an answer in v3's dialect out.

No socket, no key and no header enters here.
"""
