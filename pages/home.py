"""Home: what the problem is, a run that plays at once, the path with progress, links for teachers, and what this browser keeps."""

from ui.frame import frame, sharing
from ui.hidden_layer import challenges as hidden_layer
from ui.home import forgetting, opening, teaching
from ui.images import challenges as images
from ui.information import challenges as information
from ui.linear_layer import challenges as linear_layer
from ui.loss import challenges as loss
from ui.softmax import challenges as softmax
from ui.text import challenges as text
from ui.training import challenges as training

LESSONS = (softmax, loss, linear_layer, training, hidden_layer, images, text, information)
CHALLENGES = tuple(lesson.CHALLENGES for lesson in LESSONS)
# Parameters of the board that stood here once: links that name them still open without a note.
RETIRED = ("z", "t", "shift", "target", "names")

frame.open_page("home", title="Softmax Lab")
sharing.claim(*(f"home_board_{name}" for name in RETIRED))
opening.opening(CHALLENGES)
teaching.teaching()
forgetting.offer()
frame.close_page()
