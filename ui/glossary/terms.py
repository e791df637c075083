"""Every symbol and term of the app: its code, symbol, name, and what it means, by topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from locales import _, both


@dataclass(frozen=True)
class Term:
    """One entry.

    ``code`` names it in links; ``symbol`` is a text of ours with ``<sub>`` and ``<sup>``; ``names`` are by language;
    ``meaning`` is one or two plain sentences in the reader's language; ``lesson`` is the stem of the page that uses it.
    """

    code: str
    symbol: str
    names: Mapping[str, str]
    meaning: str
    lesson: str = ""


def _topic(title: str, lesson: str, *rows: tuple[Any, ...]) -> tuple[str, list[Term]]:
    """A topic: its rows hold the fields of `Term`; the lesson only where it is another than the topic's."""
    return title, [Term(*(*row, lesson)[:5]) for row in rows]


def topics() -> list[tuple[str, list[Term]]]:
    """Return the topics with their terms, in the order of the lessons."""
    return [
        _topic(_("From scores to probabilities"), "softmax",
            ("class", "j, k", both("class"), _("One of the answers that the model chooses from. Its number is a name: class 2 is not twice class 1.")),
            ("number_of_classes", "K", both("number of classes"), _("How many classes there are.")),
            ("logit", "z", both("logit"), _("The score of a class before softmax: any real number. Only differences of logits matter.")),
            ("softmax", "softmax(z)", both("softmax"), _("Turns logits into probabilities: e to each logit, divided by the sum of them all.")),
            ("normalised_exponential", "softmax(z)", both("normalised exponential"), _("Another name of softmax: exponentials, divided by their sum so that they add up to 1.")),
            ("probability", "p", both("probability"), _("What softmax makes of a logit: between 0 and 1, and over all classes the sum is 1.")),
            ("log_softmax", "log p", both("log-softmax"), _("The logarithm of softmax, computed as the logit minus the log-sum-exp and not as the log of p.")),
            ("log_sum_exp", "log Σ e<sup>z</sup>", both("log-sum-exp"), _("A smooth maximum of the logits; at least the largest and at most log K above it.")),
            ("argmax", "argmax", both("argmax"), _("The index of the largest number: the class that is predicted.")),
            ("logarithm", "log, ln", both("natural logarithm"), _("log x is the power to which e has to be raised to give x; many books write ln. The one to base 2 is written log₂.")),
            ("soft_answer", "p", both("soft answer"), _("Also soft prediction: the probabilities of all classes. The hard answer or hard prediction is the class with the largest one alone."), "linear_layer"),
            ("temperature", "T", both("temperature"), _("Divides the logits before softmax. Below 1 the winner becomes surer, above 1 all come closer together.")),
            ("shift_invariance", "z + c", both("shift invariance"), _("The same number added to all logits leaves every probability as it was.")),
            ("sigmoid", "σ", both("logistic function"), _("1 / (1 + e to the −z): softmax of two classes, as a function of the difference of their logits.")),
            ("logistic_regression", "σ(xw + b)", both("logistic regression"), _("Softmax regression with two classes: one score decides, and the logistic function makes a probability of it.")),
            ("jacobian", "∂p<sub>i</sub>/∂z<sub>j</sub>", both("Jacobian"), _("The table of all derivatives: how much each probability answers each logit.")),
            ("simplex", "△", both("probability simplex"), _("All distributions over K classes as a shape: for K = 3 a triangle whose corners are certainty.")),
        ),
        _topic(_("Loss and gradient"), "loss",
            ("label", "y", both("label"), _("The true class of a sample, as a number. Written as a one-hot row it is y."), "linear_layer"),
            ("one_hot", "y = (0, 1, 0)", both("one-hot encoding"), _("A label as a row of zeros with a single 1 at the true class: all classes are equally far apart."), "linear_layer"),
            ("target", "y", both("target distribution"), _("What p should be: a one-hot row, or soft when the truth itself is uncertain.")),
            ("label_smoothing", "ε", both("label smoothing"), _("Takes a little of the 1 of a one-hot target and spreads it over all classes.")),
            ("likelihood", "P(y | x)", both("likelihood"), _("The probability that the model gives to what was observed: a product over independent samples.")),
            ("loss", "L", both("loss"), _("One number that says how wrong the model is; training makes it smaller. Here the mean over the samples.")),
            ("cross_entropy", "−Σ y log p", both("cross-entropy"), _("What it costs on average to code the truth y with the probabilities p. For a one-hot y it is minus the logarithm of the probability of the true class: the loss of softmax regression.")),
            ("squared_error", "(p − y)²", both("squared error"), _("Another loss. On probabilities it learns slowly where the model is confidently wrong.")),
            ("absolute_error", "|p − y|", both("absolute error"), _("Another loss: the sum of the distances between p and y, also called L1.")),
            ("huber", "—", both("Huber loss"), _("Squared for small errors and straight for large ones.")),
            ("partial_derivative", "∂L/∂w", both("partial derivative"), _("How fast L changes when w alone moves and everything else stays as it is.")),
            ("gradient", "∇L, G", both("gradient"), _("All derivatives of the loss: the direction in which it grows fastest. With respect to the logits it is p − y.")),
            ("pull", "y − p", both("pull"), _("What a step downhill does to a logit before the learning rate is multiplied: minus the gradient p − y. Above 0 it pulls z up, below 0 down. On the weights a point pulls with (y − p) x.")),
            ("exponential_family", "—", both("exponential family"), _("Distributions whose logarithm is linear in their parameter, such as the normal one and that over K classes. With its own link each has the same gradient: prediction minus truth, as in linear regression.")),
            ("finite_difference", "(f(z + h) − f(z − h)) / 2h", both("finite difference"), _("A derivative measured and not derived: what f changes by, divided by what z changes by. It checks formulas.")),
        ),
        _topic(_("Information"), "information",
            ("surprisal", "−log p", both("surprisal"), _("How surprising an event is: 0 for a certain one, and the rarer the larger.")),
            ("nat", "nat", both("nat"), _("The unit of information with the natural logarithm: the surprisal of an event with p = 1/e.")),
            ("bit", "bit", both("bit"), _("The unit of information with the logarithm to base 2: one fair yes or no. 1 nat is 1.4427 bits.")),
            ("entropy", "H(P)", both("entropy"), _("The mean surprisal of a distribution, largest when all cases are equally probable.")),
            ("kl", "KL(P ‖ Q)", both("KL divergence"), _("What coding for Q costs beyond the entropy when P is the truth: never negative, and not symmetric.")),
            ("huffman", "—", both("Huffman code"), _("The shortest prefix code: each symbol gets a word of whole bits, and no word is the beginning of another. Its mean length is at least the entropy and less than one bit above it.")),
        ),
        _topic(_("The linear layer"), "linear_layer",
            ("feature", "x", both("feature"), _("One number of the input, such as the grey of a pixel.")),
            ("sample", "i", both("sample"), _("One input with its label: a picture, a flower, a point.")),
            ("samples", "n", both("number of samples"), _("How many rows X has. In the lesson on Kronecker products n is their number.")),
            ("inputs", "d", both("number of features"), _("How many columns X has and how many rows W has.")),
            ("inputs_matrix", "X", both("input matrix"), _("The samples of a minibatch as rows: n × d.")),
            ("weight", "w, W", both("weight"), _("By what a feature is multiplied on its way to the logit of a class. W has a row for each feature and a column for each class.")),
            ("weight_vector", "w<sub>k</sub>", both("weight vector"), _("The weights of one class, a column of W: the direction in which its logit grows fastest. In pictures it is an arrow from the origin.")),
            ("bias", "b", both("bias"), _("The logit of a class when all features are 0: it moves boundaries without turning them.")),
            ("parameter", "W, b", both("parameter"), _("A number that training may change: all weights and biases.")),
            ("affine", "XW + b", both("affine map"), _("A matrix product and a constant added. The boundaries it makes are straight.")),
            ("fully_connected", "—", both("fully connected layer"), _("A layer in which every input has a weight to every output, so d × q weights in all. Softmax regression is one such layer.")),
            ("boundary", "z<sub>j</sub> = z<sub>k</sub>", both("decision boundary"), _("Where two classes share the largest logit: a straight line, a plane.")),
            ("minibatch", "X", both("minibatch"), _("A few samples that go through the layer together, as rows of one matrix.")),
            ("broadcasting", "+ b", both("broadcasting"), _("A row is added to every row of a matrix as if it had been copied so many times.")),
            ("kronecker", "A ⊗ S", both("Kronecker product"), _("A large matrix out of two small ones: every entry of A is replaced by that entry times S.")),
            ("prediction", "ŷ", both("prediction"), _("The class with the largest logit, which is also the one with the largest probability.")),
            ("accuracy", "—", both("accuracy"), _("The share of samples whose prediction is the true class.")),
        ),
        _topic(_("Training"), "training",
            ("gradient_descent", "W − η ∂L/∂W", both("gradient descent"), _("Steps against the gradient, again and again: the loss falls if the steps are not too long.")),
            ("learning_rate", "η", both("learning rate"), _("How long a step is: what the gradient is multiplied by.")),
            ("curvature", "λ<sub>max</sub>", both("curvature"), _("The largest second derivative of the loss. Steps with a learning rate between 1 / curvature and 2 / curvature cross the valley and land lower; above 2 / curvature they land higher on the other side.")),
            ("divergence", "—", both("divergence of a run"), _("The loss grows because the steps are too long. The gradient of plain softmax regression is bounded, so there the loss mostly jumps up and down; with a penalty it grows without bound.")),
            ("l2", "λ", both("L2 penalty"), _("Adds half of λ times the sum of the squared weights to the loss: large weights cost.")),
            ("epoch", "—", both("epoch"), _("One pass over all training samples, minibatch after minibatch."), "images"),
            ("seed", "—", both("seed"), _("The number from which chance starts: the same seed gives the same data and the same run.")),
            ("test_set", "—", both("test set"), _("Samples held back from training, to see whether what was learned holds for new ones.")),
            ("confusion_matrix", "C", both("confusion matrix"), _("How often each true class, in rows, was predicted as each class, in columns."), "images"),
            ("batch_size", "B", both("batch size"), _("How many samples one step looks at: few make it quick and noisy, all make it steady.")),
            ("residual", "P − Y", both("residual"), _("How far p lies above y, for each sample and class: the gradient with respect to the logits. Classes given too much probability are pushed down, those given too little pulled up.")),
            ("optimum", "W*", both("optimum"), _("Weights from which no step lowers the loss. It lies at infinity where the data are separable and nothing is penalised.")),
            ("norm", "‖W‖", both("norm"), _("The length of a vector: the root of the sum of the squares.")),
        ),
        _topic(_("Hidden layer"), "hidden_layer",
            ("hidden_layer", "—", both("hidden layer"), _("A layer between input and output, with a function that is not linear behind it. Softmax regression has none.")),
            ("hidden_unit", "a<sub>j</sub>", both("hidden unit"), _("One number of a hidden layer: a weighted sum of the inputs, sent through the activation function. In the plane it draws one line.")),
            ("activation", "a = g(z)", both("activation function"), _("What bends: the function between two layers. Without it two layers are no more than one.")),
            ("saturation", "g′(z) ≈ 0", both("saturation"), _("Where an activation function, or softmax, has become flat: its slope is nearly 0, so hardly any gradient comes through.")),
            ("tanh", "tanh z", both("tanh"), _("An activation function with values from −1 to 1. Its slope is 1 − a², which is small where |z| is large.")),
            ("relu", "max(0, z)", both("ReLU"), _("A function for hidden layers: it keeps what is above 0 and makes everything else 0. tanh is another one, with values from −1 to 1.")),
            ("backpropagation", "∂L/∂W", both("backpropagation"), _("The gradient of all layers in one pass from the loss backwards: each layer passes on what its outputs owe to the layer before.")),
            ("xavier", "—", both("Xavier and He start"), _("Random weights as wide as they must be for signals neither to grow nor to fade from layer to layer: Xavier for tanh and the logistic function, He for ReLU.")),
        ),
        _topic(_("Optimisers"), "training",
            ("optimiser", "—", both("optimiser"), _("The rule that makes a step out of a gradient.")),
            ("sgd", "SGD", both("stochastic gradient descent"), _("Gradient descent on minibatches drawn at random instead of all samples.")),
            ("momentum", "μ", both("momentum"), _("Each step keeps a part of the one before, like a ball that rolls: faster along a valley.")),
            ("nesterov", "—", both("Nesterov momentum"), _("Momentum that looks at the gradient where the ball is about to be.")),
            ("adagrad", "—", both("AdaGrad"), _("Each weight has its own rate, which shrinks with the sum of its squared gradients.")),
            ("rmsprop", "—", both("RMSProp"), _("Like AdaGrad with a memory that fades, so that the rates do not shrink for ever.")),
            ("adam", "—", both("Adam"), _("Momentum and the fading squares of RMSProp together, both corrected for their start at 0.")),
            ("newton", "H<sup>−1</sup>g", both("Newton's method"), _("Multiplies the gradient by the inverse of the second derivatives: few steps, each one expensive.")),
            ("schedule", "η(t)", both("learning-rate schedule"), _("A learning rate that changes with the step: large at first, small at the end.")),
            ("early_stopping", "—", both("early stopping"), _("End the run when the loss on held-back samples no longer improves.")),
            ("l1", "λ", both("L1 penalty"), _("Adds λ times the sum of the absolute weights to the loss: small weights become exactly 0.")),
        ),
        _topic(_("Data and evaluation"), "training",
            ("feature_map", "φ(x)", both("feature map"), _("New features computed from the old ones, such as squares: boundaries straight in them are curved in the plane.")),
            ("standardise", "(x − mean) / s", both("standardisation"), _("Shift and scale each feature to mean 0 and standard deviation 1, so that one learning rate suits all.")),
            ("separable", "—", both("linearly separable"), _("Straight boundaries can separate all classes without a mistake.")),
            ("outlier", "—", both("outlier"), _("A sample far from all others.")),
            ("confidence", "max p", both("confidence"), _("The largest probability: how sure the model is of its prediction.")),
            ("calibration", "ECE", both("calibration"), _("Whether a model that says 80 % is right in 80 % of those cases.")),
            ("template", "w<sub>k</sub>", both("weight template"), _("The weights of a class drawn as a picture: where ink speaks for the class and where against it."), "images"),
            ("mnist", "28 × 28", both("MNIST"), _("70,000 small grey pictures of handwritten digits, 60,000 of them to learn from. Softmax regression is right for about 92 of 100."), "images"),
            ("fashion_mnist", "28 × 28", both("Fashion-MNIST"), _("As many pictures of ten kinds of clothes. They are harder: a shirt, a pullover and a coat differ in details, so that softmax regression is right for about 83 of 100."), "images"),
            ("token", "—", both("token"), _("A piece of a text that counts as one: a word, or in Chinese a pair of neighbouring characters."), "text"),
            ("vocabulary", "—", both("vocabulary"), _("The words that have weights: those of the training texts. Other words are dropped."), "text"),
            ("bag_of_words", "x", both("bag of words"), _("How often each word of the vocabulary stands in a text, as one row of numbers. The order of the words is lost."), "text"),
            ("tf_idf", "tf · idf", both("tf-idf"), _("The count of a word times (log((1 + n) / (1 + number of texts with it)) + 1), then each row scaled to length 1: rare words weigh more."), "text"),
            ("epsilon", "ε", both("epsilon in the logarithm"), _("A small number added inside a log. It caps the loss; computing from logits needs none."), "slips"),
        ),
        _topic(_("Floating-point numbers"), "softmax",
            ("float_formats", "float16, 32, 64", both("floating-point format"), _("How many bits a number has. The largest e to the z fits up to z = 11.09, 88.72 and 709.78.")),
            ("overflow", "∞", both("overflow"), _("A number too large for its format becomes infinite.")),
            ("underflow", "0", both("underflow"), _("A number too small for its format becomes 0, and 0 / 0 is no number.")),
            ("nan", "NaN", both("not a number"), _("What a machine answers when asked for 0 / 0 or ∞ − ∞. It spreads to everything computed from it.")),
            ("max_trick", "z − max z", both("max trick"), _("Subtract the largest logit first: p stays the same, and every exponential is at most 1.")),
        ),
    ]  # fmt: skip
