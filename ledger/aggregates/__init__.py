"""The aggregates: each file reads events, decide, evolve."""
