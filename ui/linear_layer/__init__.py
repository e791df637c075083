"""The panels of the Linear layer lesson."""
