"""Transformers to train: the layers of ``compiler/transformer.py`` with norms, other activations and other positions."""
