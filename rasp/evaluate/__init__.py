"""The interpreter of the s-op graph: exact, vectorized, for inputs of any length."""

from rasp.evaluate.column import Column
from rasp.evaluate.evaluate import evaluate, evaluate_many, evaluate_selector
from rasp.evaluate.show import atom_text, items_text, sequence_text

__all__ = ["Column", "atom_text", "evaluate", "evaluate_many", "evaluate_selector", "items_text", "sequence_text"]
