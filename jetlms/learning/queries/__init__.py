"""What is asked about learning. Hot pages read Core rows."""
