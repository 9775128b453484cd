"""Courses, attempts, progress, awards and the monitor."""
