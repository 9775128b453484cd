"""The forms of people: shape only."""
