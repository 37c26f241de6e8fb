"""The min-degree-profile interpolator (Abbe et al. 2023, arXiv 2301.13105), in exact numbers.

A function of n bits is a sum over sets T of bits of a coefficient times a character: the product of the bits of T, a 1 being +1
and a 0 being -1. The weight of level k is the sum of the squares of the coefficients of the sets of k bits. Of all functions with
given values on the training inputs, the interpolator has the least weight at level n; of those that share it, the least at
level n - 1; and so on.

It is unique. At each level the least weight is the least norm in an affine space, which one point has. That fixes the
coefficients of the level, and what is left for lower levels is again an affine space.

It depends on no bit that is frozen, that is, the same in all training inputs. Take an interpolator f that does, and let g be f
with the frozen bits held at their training values: g has the same values on the training inputs. The coefficient of g at a set T
of free bits is the sum, with signs, of those of f at T and at T together with any frozen bits; at all other sets it is 0. Let k
be the highest level at which f has a set with frozen bits whose coefficient is not 0. Above k there is none, so g is the same as
f. At k, the sets that would be added to a T of k free bits are of higher levels, so g has the coefficients of f at sets of free
bits and lacks the others: it has less weight. Hence f is not the interpolator.

Sets of bits are numbers: bit i of the number tells whether i is in the set. An input is the set of its zeros; input 0 is all
ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Matrix = NDArray[np.object_]
"""Of fractions."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """A function of bits by its Fourier coefficients.

    Attributes:
        numerators: one for each set of bits, in the order of the sets' numbers; shape (2 ** bits,).
        denominator: of all of them.
    """

    numerators: Integers
    denominator: int

    @property
    def bits(self) -> int:
        """How many bits the function is of."""
        return len(self.numerators).bit_length() - 1

    @property
    def coefficients(self) -> dict[int, Fraction]:
        """Those that are not 0, by set."""
        sets = np.flatnonzero(self.numerators).tolist()
        return {number: Fraction(int(self.numerators[number]), self.denominator) for number in sets}

    @property
    def profile(self) -> tuple[Fraction, ...]:
        """The weights of the levels, from the highest to level 0; less as a tuple is less in degree."""
        weights = [0] * (self.bits + 1)
        for number in np.flatnonzero(self.numerators).tolist():
            weights[self.bits - number.bit_count()] += int(self.numerators[number]) ** 2
        return tuple(Fraction(weight, self.denominator**2) for weight in weights)

    @property
    def degree(self) -> int:
        """The highest level with any weight."""
        return max((number.bit_count() for number in self.coefficients), default=0)

    @property
    def relevant(self) -> frozenset[int]:
        """The bits that the function depends on."""
        union = int(np.bitwise_or.reduce(np.flatnonzero(self.numerators), initial=0))
        return frozenset(bit for bit in range(self.bits) if union >> bit & 1)

    def values(self) -> tuple[Integers, int]:
        """The values at all inputs, in the order of their numbers, as numerators and their denominator."""
        return walsh_hadamard(self.numerators), self.denominator

    def decisions(self, inputs: Integers) -> NDArray[np.bool_]:
        """At which inputs the function is nearer to 1 than to 0; where it is as near, it counts as 1.

        The interpolator of a + b · (the values) is a + b · (the interpolator), so values -1 and 1 would decide the same.
        """
        numerators, denominator = self.values()
        return 2 * numerators[inputs] >= denominator


def walsh_hadamard(table: Integers) -> Integers:
    """The Walsh-Hadamard transform: at each S, the sum over all T of ``(-1) ** |S ∩ T|`` times the entry of T.

    Coefficients become values; values become coefficients times the length of the table, which is a power of 2.

    Raises:
        OverflowError: sums might not fit 64 bits.
    """
    if sum(map(abs, table[table != 0].tolist())) >= 2**62:
        raise OverflowError("the sums of a Walsh-Hadamard transform do not fit 64 bits")
    half = 1
    while half < len(table):
        pairs = table.reshape(-1, 2, half)
        table = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(-1)
        half *= 2
    return table


def on_subcube(values: Sequence[int] | Integers, frozen: Sequence[int], bits: int) -> Spectrum:
    """The interpolator where the training inputs are all those with some bits frozen, whichever values these are frozen at.

    It depends on no frozen bit, and a function of the free bits is determined by its values: the transform gives it.

    Args:
        values: at the inputs, in the order of the numbers that their free bits make; 2 ** (bits - frozen) of them.
        frozen: the frozen bits.
    """
    free = [bit for bit in range(bits) if bit not in frozen]
    if len(values) != 2 ** len(free):
        raise ValueError(f"{len(free)} free bits have {2 ** len(free)} values, not {len(values)}")
    places = np.arange(len(values))
    sets = sum(((places >> place & 1) << bit for place, bit in enumerate(free)), np.zeros_like(places))
    numerators = np.zeros(2**bits, np.int64)
    numerators[sets] = walsh_hadamard(np.asarray(values, np.int64))
    return Spectrum(numerators, len(values))


def interpolator(inputs: Sequence[int], values: Sequence[int | Fraction], bits: int) -> Spectrum:
    """The interpolator for any training inputs, level by level, by elimination with fractions: for a few dozens of inputs.

    Write A_k for the characters of level k on the training inputs, and N_k for a basis of what is orthogonal to all of lower
    levels. Coefficients of levels up to k can be completed below k if and only if N_k sees no difference to what they must
    give. So from the lowest degree that can interpolate down, the coefficients of level k are the least solution c of
    N_k A_k c = N_k r, where r is what higher levels leave to be given: c = Mᵀ z with M = N_k A_k and M Mᵀ z = N_k r.

    Args:
        inputs: different ones.
        values: at these inputs.
        bits: of an input.
    """
    if len(set(inputs)) < len(inputs) or len(inputs) != len(values) or not inputs:
        raise ValueError("an interpolator has one value for each of one or more different inputs")
    left = np.array([Fraction(value) for value in values], object)
    levels: list[list[int]] = []
    tests = [np.array([[Fraction(row == column) for column in inputs] for row in inputs], object)]
    while (tests[-1] @ left).any():  # the least degree; at level ``bits`` there is nothing left to test with
        levels.append([sum(1 << bit for bit in chosen) for chosen in combinations(range(bits), len(levels))])
        tests.append(_annihilator(tests[-1] @ _characters(inputs, levels[-1])) @ tests[-1])
    coefficients: dict[int, Fraction] = {}
    for sets, test in reversed(list(zip(levels, tests, strict=False))):
        characters = _characters(inputs, sets)
        matrix = test @ characters
        level = matrix.T @ _solution(matrix @ matrix.T, test @ left)
        left = left - characters @ level
        coefficients.update(zip(sets, level.tolist(), strict=True))
    return _spectrum(coefficients, bits)


def _spectrum(coefficients: dict[int, Fraction], bits: int) -> Spectrum:
    denominator = lcm(*(value.denominator for value in coefficients.values()))
    numerators = np.zeros(2**bits, np.int64)
    for number, value in coefficients.items():
        numerators[number] = int(value * denominator)
    return Spectrum(numerators, denominator)


def _characters(inputs: Sequence[int], sets: Sequence[int]) -> Matrix:
    """Of some sets, at some inputs; shape (inputs, sets)."""
    return np.array([[Fraction((-1) ** (number & chosen).bit_count()) for chosen in sets] for number in inputs], object)


def _annihilator(matrix: Matrix) -> Matrix:
    """A basis of the rows that give 0 times a matrix; shape (rows of the basis, rows of the matrix)."""
    reduced, pivots = _reduced(matrix.T)
    free = [column for column in range(len(matrix)) if column not in pivots]
    basis = np.full((len(free), len(matrix)), Fraction(0), object)
    for row, column in enumerate(free):
        basis[row, column] = Fraction(1)
        basis[row, pivots] = -reduced[: len(pivots), column]
    return basis


def _solution(matrix: Matrix, right: Matrix) -> Matrix:
    """One solution of equations that have some."""
    reduced, pivots = _reduced(np.column_stack([matrix, right]))
    solution = np.full(matrix.shape[1], Fraction(0), object)
    solution[pivots] = reduced[: len(pivots), -1]
    return solution


def _reduced(matrix: Matrix) -> tuple[Matrix, list[int]]:
    """The reduced row echelon form, and the columns of its leading ones."""
    matrix, pivots = matrix.copy(), []
    for column in range(matrix.shape[1]):
        rank = len(pivots)
        below = np.flatnonzero(matrix[rank:, column])
        if not len(below):
            continue
        matrix[[rank, rank + below[0]]] = matrix[[rank + below[0], rank]]
        matrix[rank] = matrix[rank] / matrix[rank, column]
        factors = matrix[:, column].copy()
        factors[rank] = Fraction(0)
        matrix = matrix - np.outer(factors, matrix[rank])
        pivots.append(column)
    return matrix, pivots
