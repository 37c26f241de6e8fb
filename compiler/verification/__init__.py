"""A compiled model beside the interpreter: on many inputs, and value by value on one."""

LONGEST_TRIED = 2_048
"""Longest input that is tried unless the caller says otherwise: attention takes memory for the square of the length."""
