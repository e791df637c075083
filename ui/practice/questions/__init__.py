"""The questions of the Practice page: kinds that make questions out of chance, one file for each lesson.

A question is made anew in every run, in the reader's language; the same sheet number gives the same numbers.
A new kind is a function in the file of its lesson, and a line at the very end of `KINDS` here; the tests run over them.
"""

from locales import _
from ui.practice.questions import hidden_layer, information, layer, loss, softmax, text, training
from ui.practice.questions.base import Kind as Kind
from ui.practice.questions.base import Link as Link
from ui.practice.questions.base import Question as Question

KINDS = (
    Kind("shift", lambda: _("A shift"), softmax.shift),
    Kind("gap", lambda: _("Twice the lead"), softmax.gap),
    Kind("ratio", lambda: _("How many times"), softmax.ratio),
    Kind("temperature", lambda: _("Temperature"), softmax.temperature),
    Kind("formats", lambda: _("Overflow"), softmax.formats),
    Kind("loss", lambda: _("Loss from p"), loss.loss),
    Kind("from_loss", lambda: _("p from the loss"), loss.from_loss),
    Kind("gradient", lambda: _("Gradient"), loss.gradient),
    Kind("bits", lambda: _("Bits"), information.bits),
    Kind("entropy", lambda: _("Entropy"), information.ordering),
    Kind("divergence", lambda: _("Divergence"), information.asymmetry),
    Kind("logit", lambda: _("A logit"), layer.logit),
    Kind("shape", lambda: _("Shapes"), layer.shape),
    Kind("boundary", lambda: _("Boundary"), layer.boundary),
    Kind("parameters", lambda: _("Parameters"), layer.parameters),
    Kind("accuracy", lambda: _("Accuracy"), layer.accuracy),
    Kind("step", lambda: _("One step"), training.step),
    Kind("sign", lambda: _("Which way"), training.sign),
    Kind("sigmoid", lambda: _("Two classes"), softmax.sigmoid),
    Kind("log_sum_exp", lambda: _("Log-sum-exp"), softmax.log_sum_exp),
    Kind("jacobian", lambda: _("Jacobian (optional)"), softmax.jacobian),
    Kind("soft", lambda: _("Soft labels"), loss.soft),
    Kind("huffman", lambda: _("Huffman code"), information.code_length),
    Kind("steps_per_epoch", lambda: _("Steps of an epoch"), training.steps_per_epoch),
    Kind("confusion", lambda: _("Confusion matrix"), training.confusion),
    Kind("penalty", lambda: _("L2 penalty"), training.penalty),
    Kind("rate", lambda: _("Learning rate and curvature (optional)"), training.rate),
    Kind("hidden_forward", lambda: _("Through a hidden layer"), hidden_layer.forward),
    Kind("hidden_backward", lambda: _("Back through a hidden layer"), hidden_layer.backward),
    Kind("word_sum", lambda: _("Logit of a sentence"), text.word_sum),
    Kind("tf_idf", lambda: "tf-idf", text.tf_idf),
)
"""All kinds. A link names a question by its place here, so a new one stands behind all others."""
