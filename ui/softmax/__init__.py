"""The panels of the Softmax lesson."""
