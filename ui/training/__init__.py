"""The Training lesson: data, settings, runs, stage and panels."""
