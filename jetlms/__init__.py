"""jetlms: the one place for the life of a JET participant. The tree and its layers: docs/architecture.md."""
