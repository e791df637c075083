"""Two small lessons in the real frame, so that the frame's tests do not hang on what a lesson contains."""

from body import frame

frame.run()
