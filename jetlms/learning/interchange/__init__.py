"""Files of others: questions (GIFT, Aiken, Moodle XML) and what translators exchange (TMX, XLIFF, TBX: their own modules). Pure.

A reader never raises for what people write and never guesses: what it cannot read is a problem with its line, what our format cannot
carry is left and said, what is lost of a question that is taken is noted. Whether anything is taken at all is decided by who asks.
"""
from jetlms.learning.interchange import aiken, gift, moodlexml
from jetlms.learning.interchange.carrying import Reading, Remark, Taken, block, decoded

READERS = {"gift": gift.read, "aiken": aiken.read, "moodlexml": moodlexml.read}


def read(data: bytes, form: str) -> Reading:
    """Return the questions in a file of this form ("gift", "aiken", "moodlexml"). One that is not UTF-8 has no questions."""
    text, wrong = decoded(data)
    return Reading(problems=[wrong]) if wrong else READERS[form](text).judged()


def guess(name: str, text: str) -> str:
    """Return the form that a file most probably has, by its name and what is in it."""
    if name.lower().endswith(".xml") or text.lstrip("\ufeff \n\r\t").startswith("<"):
        return "moodlexml"
    return "aiken" if aiken.ANSWER.search(text) else "gift"


__all__ = ["READERS", "Reading", "Remark", "Taken", "block", "decoded", "gift", "guess", "read"]
