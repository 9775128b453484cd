"""What can be done in learning, by subject."""
from jetlms.learning.service.attempts import answer, hand_in, start_attempt, submit
from jetlms.learning.service.enrolments import enrol, enrol_by_rules, reopen
from jetlms.learning.service.progress import note_screen, progress_that_disagrees, rebuild

__all__ = [
    "answer", "enrol", "enrol_by_rules", "hand_in", "note_screen", "progress_that_disagrees", "rebuild", "reopen", "start_attempt",
    "submit",
]
