"""WARC files in and out: any writer's files are read as streams, damage is named; CDXJ and WACZ are written."""
