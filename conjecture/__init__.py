"""The lab for the RASP-Generalization Conjecture. It is not built yet; this package holds its command only."""

__all__: list[str] = []
