"""The panels of the Information lesson."""
