"""Files that translators exchange: TMX, XLIFF and TBX, read and written. Pure: bytes and plain data, no database, no words for people."""
