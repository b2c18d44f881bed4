"""Measurements of the paths whose speed is promised; each proves its result before its number."""
