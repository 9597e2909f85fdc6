"""The sandbox's own web page: what it holds, the last requests, the faults that wait. Nothing here changes anything."""
