"""Seals: what all logs held at a time, in a form that cannot be changed unnoticed afterwards."""
