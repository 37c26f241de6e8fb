"""Looking inside a model on an input: the same calls for compiled and for learned ones."""

from conjecture.inside.during import during
from conjecture.inside.opened import Opened, open_up
from conjecture.inside.patching import patch
from conjecture.inside.probing import Probed, probe
from conjecture.inside.retrieval import Reach, reach

__all__ = ["Opened", "Probed", "Reach", "during", "open_up", "patch", "probe", "reach"]
