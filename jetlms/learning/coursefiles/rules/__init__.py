"""The rules of lint.py, by what they judge. Each is a generator of problems over what parse.py has read."""
