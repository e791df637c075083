"""The lesson on the hidden layer: the stage of Training with a network on it."""
