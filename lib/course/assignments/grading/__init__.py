"""Grading of submitted notebooks: what nbgrader calls, and what it leaves to us."""
