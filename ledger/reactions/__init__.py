"""Reactions: what is done in the world because of an event, each intended once and seen through."""
