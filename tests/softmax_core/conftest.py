"""Settings for all tests of the core."""

from __future__ import annotations

from hypothesis import settings

# No deadline: a busy machine is no error. Derandomised: the same commit gives the same verdict.
settings.register_profile("core", deadline=None, derandomize=True)
settings.register_profile("core-explore", deadline=None, max_examples=3000)
settings.load_profile("core")
