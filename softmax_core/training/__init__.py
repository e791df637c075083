"""A training run: its config, the loop, and the trajectory that comes out."""
