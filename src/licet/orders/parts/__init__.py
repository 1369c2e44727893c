"""An order book in parts, on many machines, with one result: the very rows, rejects and summary of one machine.

Inputs are cut into parts of bounded size (:mod:`.plan`). What the parts hold is surveyed, so that every worker reads
the columns of the book as one machine reads them (:mod:`.survey`); then each part is decided and written on its own
(:mod:`.work`), and what only all of them together say is summed up by key (:mod:`.sums`).
"""
