"""``key == query`` as an attention score, in log2(m) dimensions for m values.

Formula: each value gets a distinct code of B = ceil(log2 m) signs ±1. The score is the dot product of the key's code and
the query's code: B where they are equal, at most B - 2 elsewhere.

Exact: always. The products are ±1 and the sum is an integer of at most B.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rasp.graph.nodes import Atom


def code_length(size: int) -> int:
    """How many signs tell ``size`` values apart."""
    return max(1, (size - 1).bit_length()) if size > 1 else 0


def code_bit(index: int, bit: int) -> int:
    """Sign ``bit`` of the code of the value with this index."""
    return 1 if index >> bit & 1 else -1


def code_functions(values: Sequence[Atom]) -> list[Callable[[Atom], int]]:
    """For each sign, the function from a value to it. Values that are not listed have code 0, which equals nothing."""
    indices = {value: index for index, value in enumerate(dict.fromkeys(values))}

    def function(bit: int) -> Callable[[Atom], int]:
        return lambda value: code_bit(indices[value], bit) if value in indices else 0

    return [function(bit) for bit in range(code_length(len(indices)))]
