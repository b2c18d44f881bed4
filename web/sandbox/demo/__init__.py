"""The demo: a simulated year through the real endpoint and workers, and proof of what came out."""
