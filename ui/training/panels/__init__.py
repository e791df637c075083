"""The panels of the Training lesson."""
