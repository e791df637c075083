"""Two small lessons in the real frame, so that the frame's tests do not hang on what a lesson contains."""

import body  # noqa: F401 - it tells the frame its two lessons

from ui.frame import frame

frame.run()
