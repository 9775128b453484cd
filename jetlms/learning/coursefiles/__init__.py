"""Courses as files: read, lint, compare. Standard library only, so that `python3 -m jetlms.learning.coursefiles FOLDER` runs anywhere."""
