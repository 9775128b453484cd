"""Learning, as the rest of the system sees it."""
from flask import Blueprint

from jetlms.core.feature import Feature
from jetlms.learning import models  # noqa: F401

FEATURE = Feature("learning", Blueprint("learning", __name__))
