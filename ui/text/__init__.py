"""The Text lesson: its corpora, its training, its board, panels and challenges."""
