"""Questions as they are stored, shown and marked. Pure functions: no database, no clock.

A *source* is a question of a release as JSON, both languages inside, texts rendered (`prepare`). An *arrangement* is its frozen order
for one attempt (`arrange`); the two together are what the attempt asked. A *payload* is what a learner answered:

| type | payload | form fields (q = the question's id) |
|---|---|---|
| choice | "b", the key of an option | q |
| truefalse | "true" or "false" | q |
| multi | ["a", "c"] | q (several; q.sent says that the question was on the page) |
| text, number, essay | "…" | q |
| cloze | ["…", …], one a gap, "" for an empty one | q.0, q.1, … |
| match | {"a": "c", …} key of a left side → key of a right side | q.a, q.b, … |
| order | ["c", "", "a"], the key of the line in each place, "" for an empty place | q.a, q.b, … = place, from 1 |
| file | {"token", "name"} | put there by the upload |

Options of choice and multi have their keys from the file: a, b, c. Those of match and order are mixed, or the keys would tell the answer.
"""
from jetlms.learning.grading.arrange import arrange, drawn, public
from jetlms.learning.grading.marking import Mark, mark, score
from jetlms.learning.grading.payloads import BadPayload, empty, payload_from_form
from jetlms.learning.grading.prepare import plain, prepare

__all__ = ["BadPayload", "Mark", "arrange", "drawn", "empty", "mark", "payload_from_form", "plain", "prepare", "public", "score"]
