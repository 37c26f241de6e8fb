"""What a program is compiled for: a vocabulary, a longest input, and the direction of attention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import index

from compiler.errors import VocabularyError
from rasp import atoms
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.graph.nodes import Atom, Input

LONGEST = 65_536
"""The largest ``max_length`` that is accepted."""


@dataclass(frozen=True)
class Target:
    """The inputs that the compiled model must be right on.

    Attributes:
        vocab: the tokens, each once, in the order of their ids.
        max_length: the longest input, in tokens.
        causal: whether a position sees only itself and earlier ones.
    """

    vocab: tuple[Atom, ...]
    max_length: int
    causal: bool

    @staticmethod
    def of(vocab: Iterable[object], max_length: int, causal: bool) -> Target:
        """Check what the user asked for.

        Raises:
            VocabularyError: an empty vocabulary, a token that is no atom or stands twice, a length below 1 or above ``LONGEST``.
        """
        if not isinstance(vocab, Iterable):
            hint = 'name the tokens, as in vocab="abc" or vocab=range(10)'
            raise VocabularyError(f"the vocabulary is a sequence of tokens, not {type(vocab).__name__}", hint=hint)
        try:
            tokens = tuple(atoms.from_host(token) for token in vocab)
        except RaspError as error:
            raise VocabularyError(f"the vocabulary: {error.message}", hint=error.hint) from None
        if not tokens:
            raise VocabularyError("the vocabulary is empty", hint='name the tokens, as in vocab="abc" or vocab=range(10)')
        keys = [(type(token), token) for token in tokens]
        if len(set(keys)) < len(keys):
            repeated = next(token for token, key in zip(tokens, keys, strict=True) if keys.count(key) > 1)
            raise VocabularyError(f"the vocabulary holds {repeated!r} twice", hint="name each token once")
        longest = whole_number(max_length)
        if longest is None or not 1 <= longest <= LONGEST:
            raise VocabularyError(
                f"max_length must be an integer from 1 to {LONGEST:,}, not {max_length!r}",
                hint="it is the longest input, in tokens",
            )
        return Target(tokens, longest, bool(causal))

    def tokens_as(self, node: Input) -> tuple[Atom, ...]:
        """What a base s-op makes of each token of the vocabulary.

        Raises:
            VocabularyError: a token that the s-op can't convert.
        """
        try:
            return tuple(evaluate(node, [token]).to_atoms()[0] for token in self.vocab)
        except RaspError as error:
            hint = "choose a vocabulary of the kind that the program reads"
            raise VocabularyError(f"the vocabulary does not fit '{node.name}': {error.message}", hint=hint) from None


def whole_number(given: object) -> int | None:
    """An integer of any type but bool; None for what is none."""
    try:
        return None if isinstance(given, bool) else index(given)  # pyright: ignore[reportArgumentType]
    except TypeError:
        return None
