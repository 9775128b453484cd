"""An invented world: the cast that tests and the demo share, and thousands of colleagues around them. Deterministic."""
