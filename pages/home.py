"""Home: what the problem is, a run that plays at once, the path with progress, and links for teachers."""

from ui.frame import frame, sharing
from ui.home import opening, teaching
from ui.softmax import challenges as softmax

CHALLENGES = (softmax.CHALLENGES,)  # of each lesson, in any order
# Parameters of the board that stood here once: links that name them still open without a note.
RETIRED = ("z", "t", "shift", "target", "names")

frame.open_page("home", title="Softmax Lab")
sharing.claim(*(f"home_board_{name}" for name in RETIRED))
opening.opening(CHALLENGES)
teaching.teaching()
frame.close_page()
