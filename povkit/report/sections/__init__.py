"""Sections of the report, each a function from an inspection to blocks."""
