"""The product of two integers with one hidden layer.

Formula: ``x·y = q(x + y) - q(x - y)`` with ``q(z) = floor(z² / 4)``, since x + y and x - y are both even or both odd; q is a
staircase (``gadgets/staircase.py``). If x is 0 or 1, ``x·y = relu(y - m - b·(1 - x)) + m·x`` with m ≤ y ≤ m + b.

Exact: for integers, as long as ``(|x| + |y|)²`` stays below 2²⁴.
"""

from __future__ import annotations

from compiler.circuit import Form, Unit


def quarter_square(z: int) -> int:
    """floor(z² / 4)"""
    return z * z // 4


def switched(switch: Form, y: Form) -> tuple[Unit, Form]:
    """``switch·y`` for a switch of 0 or 1, as a unit plus a form."""
    span = y.high - y.low
    return Unit(y - y.low - span + switch * span), switch * y.low
