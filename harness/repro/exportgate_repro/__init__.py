"""Writes a script that shows what is wrong with a cell, without exportgate."""
