"""What the checker knows of a sequence: is it tokens, truths, positions or counts, and in which range.

Intervals are exact on single operators and ignore that two operands may depend on each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rasp.graph.nodes import Op

SMALLEST, LARGEST = -128, 127
"""The range of int8."""

FAR = 10**18
"""Bounds beyond this are cut."""


@dataclass(frozen=True)
class Tok:
    """Ints from ``lo`` to ``hi``, both included."""

    lo: int
    hi: int

    @property
    def fits(self) -> bool:
        return self.lo >= SMALLEST and self.hi <= LARGEST

    def __str__(self) -> str:
        return f"{self.lo} to {self.hi}"


@dataclass(frozen=True)
class Bool:
    """Truths."""


@dataclass(frozen=True)
class Idx:
    """Positions, moved by a known number of places; a negative number may stand for 'no position'."""

    shift: int = 0


@dataclass(frozen=True)
class Count:
    """Numbers that grow with the length."""


@dataclass(frozen=True)
class Top:
    """Nothing is known."""


Kind: TypeAlias = Tok | Bool | Idx | Count | Top


def tokens(lo: int, hi: int) -> Tok:
    """An interval; far bounds are cut, so that they stay cheap to compute with."""
    return Tok(max(-FAR, min(FAR, lo)), max(-FAR, min(FAR, hi)))


def as_tok(kind: Kind) -> Tok | None:
    """The interval of tokens or truths; None for anything else."""
    match kind:
        case Tok():
            return kind
        case Bool():
            return Tok(0, 1)
        case _:
            return None


def hull(left: Kind, right: Kind) -> Kind:
    """What is known of a sequence that holds the one or the other."""
    if left == right:
        return left
    match left, right:
        case (Idx(shift=shift), Tok(hi=hi)) | (Tok(hi=hi), Idx(shift=shift)) if hi < 0:
            return Idx(shift)
        case (Idx(), _) | (_, Idx()):
            return Idx()
        case (Count(), _) | (_, Count()):
            return Count()
    one, other = as_tok(left), as_tok(right)
    return Top() if one is None or other is None else Tok(min(one.lo, other.lo), max(one.hi, other.hi))


def on_one(op: Op, arg: Tok) -> Kind:
    """The interval of a unary operator."""
    match op:
        case Op.NEG:
            return tokens(-arg.hi, -arg.lo)
        case Op.INVERT:
            return tokens(-arg.hi - 1, -arg.lo - 1)
        case Op.ABS:
            return tokens(0 if arg.lo <= 0 <= arg.hi else min(abs(arg.lo), abs(arg.hi)), max(abs(arg.lo), abs(arg.hi)))
        case Op.POS | Op.TRUNC | Op.ROUND:
            return arg
        case _:
            return Top()


def on_two(op: Op, left: Tok, right: Tok) -> Kind:
    """The interval of a binary operator."""
    match op:
        case Op.ADD:
            return tokens(left.lo + right.lo, left.hi + right.hi)
        case Op.SUB:
            return tokens(left.lo - right.hi, left.hi - right.lo)
        case Op.MUL:
            corners = [one * other for one in (left.lo, left.hi) for other in (right.lo, right.hi)]
            return tokens(min(corners), max(corners))
        case Op.FLOORDIV | Op.DIV:
            return _quotient(left)
        case Op.MOD:
            return tokens(min(0, right.lo + 1), max(0, right.hi - 1))
        case Op.BITAND | Op.BITOR | Op.BITXOR:
            return _bits(left, right)
        case _:
            return Top()


def _quotient(left: Tok) -> Kind:
    """A divisor is an int other than 0, so a quotient is never farther from 0; flooring can reach -1 from above 0."""
    far = max(abs(left.lo), abs(left.hi), 1)
    return tokens(-far, far)


def _bits(left: Tok, right: Tok) -> Kind:
    """Bitwise operators stay within the next power of two of the largest magnitude."""
    size = max(left.hi, right.hi, -left.lo - 1, -right.lo - 1).bit_length()
    lowest = 0 if left.lo >= 0 and right.lo >= 0 else -(2**size)
    return tokens(lowest, 2**size - 1)
