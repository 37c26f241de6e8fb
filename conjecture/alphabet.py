"""The tokens of a task, as programs read them and as a model numbers them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import jax.numpy as jnp
import numpy as np
from jax import Array

from rasp.graph.nodes import Atom


@dataclass(frozen=True)
class Alphabet:
    """Different tokens, in the order of their ids.

    Samplers write tokens as integers ('codes'): a number stands for itself, a character for its code point.

    Attributes:
        codes: the code of each token.
        characters: whether the tokens are characters; otherwise they are integers.
    """

    codes: tuple[int, ...]
    characters: bool = False

    @staticmethod
    def of(tokens: str | Iterable[int]) -> Alphabet:
        """The alphabet of a string's characters, or of integers."""
        if isinstance(tokens, str):
            return Alphabet(tuple(map(ord, tokens)), characters=True)
        return Alphabet(tuple(tokens))

    def __post_init__(self) -> None:
        if len(set(self.codes)) < len(self.codes):
            raise ValueError("an alphabet has every token once")

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The tokens as a program reads them."""
        return tuple(self.atom(code) for code in self.codes)

    def atom(self, code: int) -> Atom:
        """One token as a program reads it."""
        return chr(code) if self.characters else int(code)

    def code(self, atom: Atom) -> int:
        """The code of a token that a program names."""
        return ord(atom) if isinstance(atom, str) else int(atom)

    def ids(self, codes: Array) -> Array:
        """The ids of codes; -1 for one that is not of this alphabet. Any shape; works inside jit."""
        lowest, table = self._table
        places = codes - lowest
        inside = (places >= 0) & (places < len(table))
        return jnp.where(inside, jnp.asarray(table)[places.clip(0, len(table) - 1)], -1)

    @cached_property
    def _table(self) -> tuple[int, np.ndarray]:
        """The least code, and the id of each code from it on."""
        lowest = min(self.codes)
        table = np.full(max(self.codes) - lowest + 1, -1, np.int32)
        table[np.array(self.codes) - lowest] = np.arange(len(self.codes))
        return lowest, table
