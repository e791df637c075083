"""Figures as pure functions: results go in, a `charts.figure.Figure` comes out.

Conventions
-----------
``names``
    One per class; data, never markup. So is every label and title that is given. Of mappings the keys are labels,
    already translated.
``dark``
    The dark theme.
Traces
    ``meta`` says what a trace is: its "kind", where it belongs to a class its "class", and what else a docstring names.
Errors
    ValueError with what was received, where shapes do not fit, names are missing or a number is out of its range.
"""
