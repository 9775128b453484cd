"""Front page, home, search, inbox, health and error pages: the place where features meet."""
