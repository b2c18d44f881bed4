"""Dunning: what becomes of a plan whose bill is not paid, and of one that is paid after all."""
