"""Two small lessons in the real frame, so that the frame's tests do not hang on what a lesson contains."""

from pathlib import Path

from ui.frame import frame

frame.ROOT = Path(__file__).parent
frame.run()
