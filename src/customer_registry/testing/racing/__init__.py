"""Clerks who use a store at once, and judges of what they were told beside what it holds."""
