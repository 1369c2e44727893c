"""WARC files in parts, on many machines, as a folder of files: articles, copies, and an index to search.

The files are read one a worker (:mod:`.reading`); of every item the last text is settled on (:mod:`.settling`); texts
with a band in common are brought together and compared (:mod:`.copying`); shards of the index are built
(:mod:`.indexing`). Each step is done by the functions that one machine uses.
"""
