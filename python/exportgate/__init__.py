"""The command exportgate for Python: `python -m exportgate`, and cells as tests of pytest."""
