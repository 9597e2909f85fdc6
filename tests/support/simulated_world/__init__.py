"""A world in which everything that can differ is drawn from one seed: processes, their clocks, the network, the disk.

`world` holds time and processes, `loop` is the event loop of one of them, `network` leads to the sandbox, `storage` is
the disk or the database server below the journal, `story` says what happens and `draw` draws it, `callers` and `play`
have it happen, `judge` compares the books with the keys.
"""
