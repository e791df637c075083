"""The panels of the Loss lesson."""
