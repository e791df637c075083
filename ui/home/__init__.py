"""Home: the short run, the path with its challenges, and what a teacher can open and project."""
