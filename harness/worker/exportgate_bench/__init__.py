"""The Python side of exportgate-bench: what it times, made of the cases of a plan."""
