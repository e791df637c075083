"""The mathematics of Softmax Lab: NumPy and the standard library, nothing else.

Rooms, in the order in which they build on each other::

    arrays, checks      what comes in: number types, labels, targets, single settings
    shifting            the trick behind every stable softmax: subtract the maximum
    functional          softmax, log_softmax, logsumexp, softmax_jacobian, sigmoid, naive_softmax
    losses              cross-entropy from logits, for labels and for distributions, with gradients
    metrics             accuracy, confusion matrix
    seeds, datasets     random streams; data sets by name, train/test split
    features            what the linear layer sees of the inputs: monomials, bumps, waves; grids of them
    objective           the loss on one data set as a function of the weights, its gradient, its batches
    curvature           its Hessian, the largest eigenvalue, the largest stable learning rate
    regression          the same as in textbooks, in X, W and b
    optimizers          update rules
    schedules           the learning rate over a run
    stopping            when to end a run early, and why it ended
    train_config        everything that decides a run, apart from the data
    problem             data set + config -> objective
    descent             the loop of a run, written for speed
    training            TrainConfig -> train -> Trajectory
    trajectory          the record of a run, and how it went
    branching           going on from the middle of a run
    run_size            how long a run may be so that all of it can be kept
    evaluation          the models of a run on other data
    newton, shrinkage   Newton's direction; the proximal step of L1
    optimum             the best possible weights, and whether there are any (newton_search, two_classes)
    estimator           SoftmaxRegression by scikit-learn's conventions
    step_story          one step of a run taken apart for one sample
    file_errors, unpack what can be wrong with a user's file; gzip that never grows beyond a limit
    idx                 the file format of MNIST
    images              sets of small pictures: digits, files, strokes as images, contributions of pixels
    batches, epochs     minibatch training in float32, which can be stopped and continued
    table               CSV and TSV of other people: read, checked, written back
    geometry            regions, boundaries, the triangle of three probabilities
    kronecker           a layer out of a sum of Kronecker products
    batching            one matrix product against a loop over the samples, timed

Conventions: X (n, d), y (n,), W (d, K), b (K,), Z = X @ W + b (n, K), classes on the last axis, logits
and losses in nats, losses are means over samples, G = (P - Y) / n.
"""
