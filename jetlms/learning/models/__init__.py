"""The tables of learning: what is taught, who takes it, what was answered, what follows from it."""
from jetlms.learning.models.admission import AdmissionRound, Application, Draw
from jetlms.learning.models.around import (
    Bookmark,
    LessonNote,
    LessonPost,
    PostReport,
    StudyPlan,
    WordingRequest,
)
from jetlms.learning.models.authoring import Draft, DraftFile, Regrade, ReleaseSource
from jetlms.learning.models.awards import Award
from jetlms.learning.models.courses import Course, CourseAsset, Item, LessonText, Release, Term
from jetlms.learning.models.enrolments import CalendarFeed, Enrolment, EnrolmentRule, Reminder, Withdrawal
from jetlms.learning.models.marking import (
    CourseTutor,
    GradeOverride,
    Mark,
    MarkComment,
    Sitting,
    Snippet,
    Submission,
)
from jetlms.learning.models.placements import Placement, PlacementAnswer
from jetlms.learning.models.records import Answer, Attempt, LearningEvent, Progress
from jetlms.learning.models.review import ReviewCard, ReviewLog
from jetlms.learning.models.takes import Take, TakePiece
from jetlms.learning.models.translations import MemoryUnit, SegmentAnswer

__all__ = [
    "AdmissionRound",
    "Answer",
    "Application",
    "Attempt",
    "Award",
    "Bookmark",
    "CalendarFeed",
    "Course",
    "CourseAsset",
    "CourseTutor",
    "Draft",
    "DraftFile",
    "Draw",
    "Enrolment",
    "EnrolmentRule",
    "GradeOverride",
    "Item",
    "LearningEvent",
    "LessonNote",
    "LessonPost",
    "LessonText",
    "Mark",
    "MarkComment",
    "MemoryUnit",
    "Placement",
    "PlacementAnswer",
    "PostReport",
    "Progress",
    "Regrade",
    "Release",
    "ReleaseSource",
    "Reminder",
    "ReviewCard",
    "ReviewLog",
    "SegmentAnswer",
    "Sitting",
    "Snippet",
    "StudyPlan",
    "Submission",
    "Take",
    "TakePiece",
    "Term",
    "Withdrawal",
    "WordingRequest",
]
