"""Looking inside a model on an input: the same calls for compiled and for learned ones."""

from conjecture.inside.opened import Opened, open_up
from conjecture.inside.probing import Probed, probe

__all__ = ["Opened", "Probed", "open_up", "probe"]
