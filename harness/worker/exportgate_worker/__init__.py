"""What happens inside a worker: Python embedded by src/, one cell at a time in a forked child.

entry.py is what the C++ side calls; cell.py takes one cell through its stages.
"""
