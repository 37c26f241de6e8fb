"""From tokens to ids, many inputs at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar, cast

import numpy as np

from compiler.errors import ModelInputError
from compiler.target import Target
from rasp import atoms
from rasp.values import Tokens

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Encoded:
    """Several inputs, one after the other.

    Attributes:
        ids: of all tokens, of shape (tokens,).
        lengths: of the inputs, of shape (inputs,).
    """

    ids: np.ndarray
    lengths: np.ndarray

    @staticmethod
    def of(rows: Sequence[Sequence[int]]) -> Encoded:
        """Inputs that are ids already."""
        return Encoded(np.fromiter(chain.from_iterable(rows), np.int32), np.fromiter(map(len, rows), np.int32, len(rows)))


class Encoder:
    """Tells the ids of the tokens that a model takes."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._ids: dict[tuple[type, object], int] = {(type(token), token): number for number, token in enumerate(target.vocab)}
        kinds = set(map(type, target.vocab))
        self._kind = kinds.pop() if len(kinds) == 1 else None
        self._of_one_kind: dict[object, int] = {token: number for number, token in enumerate(target.vocab)}
        self._of_character = _of_characters(target)

    def __call__(self, inputs: Iterable[Tokens]) -> Encoded:
        """The ids of several inputs.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        """
        rows = listed(inputs, "a batch is a sequence of inputs")
        found = self._of_texts(rows)
        if found is None:
            found = self._of_tokens([listed(row, "an input is a sequence of tokens") for row in rows])
        self._check_lengths(found.lengths)
        return found

    def _of_texts(self, rows: Sequence[Tokens]) -> Encoded | None:
        """The ids of texts, if all inputs are texts, all tokens characters, and none is unknown."""
        texts = [row for row in rows if isinstance(row, str)]
        if self._of_character is None or len(texts) < len(rows):
            return None
        ids = self._of_characters("".join(texts))
        return None if ids is None else Encoded(ids, np.fromiter(map(len, texts), np.int32, len(texts)))

    def _of_tokens(self, rows: Sequence[Sequence[object]]) -> Encoded:
        tokens = list(chain.from_iterable(rows))
        known = self._of_known(tokens)
        if known is None:
            named = (f" of inputs[{number}]" if len(rows) > 1 else "" for number in range(len(rows)))
            each = [self._id(token, row, place) for row, one in zip(named, rows, strict=True) for place, token in enumerate(one)]
            known = np.array(each, np.int32)
        return Encoded(known, np.fromiter(map(len, rows), np.int32, len(rows)))

    def _of_known(self, tokens: list[object]) -> np.ndarray | None:
        """The ids of tokens that are written as the vocabulary has them; None if any is not."""
        kinds = set(map(type, tokens))
        try:
            if kinds == {str} and self._of_character is not None:
                return self._of_characters(_joined(cast("list[str]", tokens)))
            if kinds == {self._kind}:
                return np.fromiter(map(self._of_one_kind.__getitem__, tokens), np.int32, len(tokens))
            return np.array([self._ids[type(token), token] for token in tokens], np.int32)
        except (KeyError, TypeError):  # what can't be a key is no token
            return None

    def _of_characters(self, text: str) -> np.ndarray | None:
        """The ids of characters; None if any is unknown."""
        assert self._of_character is not None
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        ids = self._of_character[np.minimum(codes, len(self._of_character) - 1)]
        return None if (ids < 0).any() else ids

    def _id(self, token: object, row: str, place: int) -> int:
        atom = atoms.from_host(token)
        found = self._ids.get((type(atom), atom))
        if found is None:
            raise ModelInputError(
                f"token {atoms.to_host(atom)!r} at position {place}{row} is not in the vocabulary",
                hint="compile again with it in vocab",
            )
        return found

    def _check_lengths(self, lengths: np.ndarray) -> None:
        wrong = np.flatnonzero((lengths == 0) | (lengths > self._target.max_length))
        if not wrong.size:
            return
        name = f"inputs[{wrong[0]}]" if len(lengths) > 1 else "the input"
        if not lengths[wrong[0]]:
            raise ModelInputError(f"{name} is empty", hint="a sequence has at least one token")
        raise ModelInputError(
            f"{name} has {lengths[wrong[0]]:,} tokens; the model was compiled for at most {self._target.max_length:,}",
            hint="compile again with a larger max_length",
        )


def listed(given: Iterable[T], expected: str) -> list[T]:
    """The items of what a user gave; ``expected`` is what the error says it should be."""
    try:
        return list(given)
    except TypeError:
        raise ModelInputError(f"{expected}, not {type(given).__name__}") from None


def _joined(tokens: list[str]) -> str:
    """The characters of a list of characters.

    Raises:
        KeyError: some string is no single character.
    """
    text = "\0".join(tokens)
    if text[1::2] == "\0" * (len(tokens) - 1) and len(text) == 2 * len(tokens) - 1 and "\0" not in text[::2]:
        return text[::2]
    raise KeyError


def _of_characters(target: Target) -> np.ndarray | None:
    """The id by code point, -1 for unknown ones and for all from the last on; None if some token is no character."""
    if not all(isinstance(token, str) and len(token) == 1 and token != "\0" for token in target.vocab):
        return None
    codes = [ord(token) for token in target.vocab if isinstance(token, str)]
    table = np.full(max(codes) + 2, -1, np.int32)
    table[codes] = range(len(codes))
    return table
