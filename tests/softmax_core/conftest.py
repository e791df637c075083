"""Settings for all tests of the core."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a busy machine is no error. Derandomised: the same commit gives the same verdict.
settings.register_profile("core", deadline=None, derandomize=True)
settings.register_profile("core-explore", deadline=None, max_examples=3000)
# For `make mutants`: a fault that a hundred examples show, ten show too, and those that survive run every test.
settings.register_profile("core-quick", deadline=None, derandomize=True, max_examples=10)
settings.load_profile(os.environ.get("LAB_PROFILE", "core"))
