"""The Images lesson: files, training, panels and the pad."""
