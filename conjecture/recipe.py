"""How a model is made, trained and tested: frozen, and all that a run depends on besides its task and seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

from conjecture.errors import LabError

Positions: TypeAlias = Literal["learned", "none", "sinusoidal", "rotary", "alibi"]
Packing: TypeAlias = Literal["pairs", "single", "context"]
Schedule: TypeAlias = Literal["linear", "cosine", "constant", "inverse-sqrt"]
Activation: TypeAlias = Literal["gelu", "relu"]
Architecture: TypeAlias = Literal["decoder", "encoder-decoder"]
Precision: TypeAlias = Literal["float32", "bfloat16"]
Loop: TypeAlias = Literal["none", "injected", "plain"]
Start: TypeAlias = Literal["random", "compiled"]

WORDS: Mapping[str, tuple[str, ...]] = {
    "positions": get_args(Positions),
    "packing": get_args(Packing),
    "schedule": get_args(Schedule),
    "activation": get_args(Activation),
    "architecture": get_args(Architecture),
    "precision": get_args(Precision),
    "loop": get_args(Loop),
    "start": get_args(Start),
}
"""What can be chosen by name."""

_EVEN = "change width or heads"


@dataclass(frozen=True)
class Recipe:
    """A model and its training. The defaults are a small model for short inputs on a CPU.

    Attributes:
        lengths: shortest and longest training length; each length between is as likely.
        longest: the longest length the model has room for; training offsets positions so that all of them are trained.
        layers, heads, width: of the transformer; heads divide the width.
        hidden: units of each MLP; 4 · width if it is not given.
        activation: of the units.
        positions: learned ones (with a random offset in training), none, sinusoidal (Vaswani et al. 2017), rotary (Su et al.
            2021), or "alibi", where distance lowers scores (Press et al. 2022), in causal models.
        architecture: "decoder" has one stream, causal if the task is; "encoder-decoder" reads the prompt in both directions and
            continues it with a decoder (Vaswani et al. 2017, with norms before the layers), for tasks that continue a prompt.
        init: standard deviation of the initial weights.
        batch: samples in a step.
        packing: "pairs" puts two samples in a row, one as much shorter as the other is longer, which wastes little; "single" one;
            "context" fills rows of ``context`` tokens with samples that see those before them, cut at a random place
            (Zhou et al. 2023).
        context: tokens in a row of the packing "context".
        steps: the most steps.
        learning_rate: at its highest.
        schedule, warmup: of the learning rate, which falls after a warm-up of so many steps, and after the curriculum.
        betas, epsilon, weight_decay, clip: of AdamW, and the largest norm of a gradient. Norms and biases do not decay.
        dropout, label_smoothing: as fractions.
        precision: of products in training; bfloat16 where the device has it.
        check_every: steps between two checks of accuracy on training lengths.
        checks: samples in a check.
        stop_at: training ends at a check of at least this accuracy (exact match), at the earliest; above 1 never.
        patience: how many checks in a row must reach it.
        curriculum: steps after which the longest training length grows by one, from one more than the shortest; 0 for all lengths
            from the beginning.
        loop: whether all layers are one block that is run several times (Fan et al. 2024). "injected": each step begins from what
            the last one left plus the embedding, ``h ← Block(h + embed(x))`` from 0; "plain": from what the last one left,
            ``h ← Block(h)`` from the embedding.
        loop_steps: how many steps; if it is not given, as many as the task says for each sample.
        start: "compiled" begins with the weights of the task's compiled program instead of random ones; what is said of layers,
            sizes and activations then means nothing. ``positions`` must be "learned", and samples stand at the first ones.
        noise: on compiled weights, normal and in parts of each.
    """

    lengths: tuple[int, int] = (1, 15)
    longest: int = 45
    layers: int = 2
    heads: int = 4
    width: int = 64
    hidden: int | None = None
    activation: Activation = "gelu"
    positions: Positions = "learned"
    architecture: Architecture = "decoder"
    init: float = 0.02
    batch: int = 64
    packing: Packing = "pairs"
    context: int = 256
    steps: int = 10_000
    learning_rate: float = 1e-3
    schedule: Schedule = "linear"
    warmup: int = 0
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    clip: float = 1.0
    dropout: float = 0.0
    label_smoothing: float = 0.0
    precision: Precision = "float32"
    check_every: int = 500
    checks: int = 512
    stop_at: float = 1.0
    patience: int = 1
    curriculum: int = 0
    loop: Loop = "none"
    loop_steps: int | None = None
    start: Start = "random"
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Raises LabError: numbers or words that make no recipe."""
        for name, known in WORDS.items():
            _check(getattr(self, name) in known, f"{name} is {getattr(self, name)!r}; it can be {', '.join(known)}")
        positive = ("layers", "heads", "width", "batch", "context", "check_every", "checks", "patience", "longest")
        for name in positive:
            _check(getattr(self, name) >= 1, f"{name} is {getattr(self, name)}; it must be at least 1")
        low, high = self.lengths
        _check(0 <= low <= high, f"the training lengths {low} to {high} are none", "name the shortest first, from 0 on")
        _check(
            high <= self.longest,
            f"training lengths up to {high} do not fit a model for lengths up to {self.longest}",
            "raise longest",
        )
        _check(self.width % self.heads == 0, f"{self.heads} heads do not divide a width of {self.width}", "change one")
        _check(self.hidden is None or self.hidden >= 1, f"hidden is {self.hidden}; it must be at least 1")
        _check(
            self.positions != "rotary" or self.width // self.heads % 2 == 0, "rotary positions need heads of even width", _EVEN
        )
        _check(self.positions != "sinusoidal" or self.width % 2 == 0, "sinusoidal positions need an even width", _EVEN)
        _check(self.steps >= 0, f"steps is {self.steps}; it must be 0 or more")
        _check(self.learning_rate > 0, f"the learning rate is {self.learning_rate}; it must be above 0")
        _check(0 <= self.dropout < 1, f"dropout is {self.dropout}; it must be from 0 to below 1")
        _check(0 <= self.label_smoothing < 1, f"label_smoothing is {self.label_smoothing}; it must be from 0 to below 1")
        _check(
            self.batch % 2 == 0 or self.packing != "pairs",
            f"a batch of {self.batch} samples can't be put in pairs",
            "take an even number",
        )
        _check(self.curriculum >= 0, f"curriculum is {self.curriculum}; it must be 0 or more")
        steps = self.loop_steps
        _check(steps is None or steps >= 1, f"loop_steps is {steps}; it must be at least 1")
        _check(steps is None or self.loop != "none", "loop_steps is given and no loop", 'set loop="injected"')
        if self.loop != "none":
            _check(self.architecture == "decoder", "an encoder-decoder has no loop", 'set architecture="decoder"')
        _check(self.noise >= 0, f"noise is {self.noise}; it must be 0 or more")
        _check(self.noise == 0 or self.start == "compiled", "noise is for compiled weights", 'set start="compiled"')
        if self.start == "compiled":
            plain = self.architecture == "decoder" and self.loop == "none" and self.positions == "learned"
            _check(plain, "compiled weights are those of a decoder with learned positions and no loop", 'set start="random"')
            _check(self.packing != "context", "compiled programs read one sample", 'set packing="single"')
        if self.architecture == "encoder-decoder":
            _check(self.positions != "alibi", "an encoder looks both ways, and ALiBi back only", 'set positions="learned"')
            _check(self.packing == "single", "an encoder-decoder takes one sample a row", 'set packing="single"')

    def about(self) -> dict[str, Any]:
        """All that it says, as data that names results. What came later is left out where it says nothing, so that old results
        keep their names."""
        later = {"curriculum": 0, "loop": "none", "loop_steps": None, "start": "random", "noise": 0.0}
        return {name: value for name, value in asdict(self).items() if name not in later or value != later[name]}

    @property
    def curriculum_end(self) -> int:
        """The step from which on all training lengths are drawn."""
        low, high = self.lengths
        return self.curriculum * max(0, high - low - 1)

    @property
    def units(self) -> int:
        """Units of each MLP."""
        return 4 * self.width if self.hidden is None else self.hidden


def _check(holds: bool, message: str, hint: str | None = None) -> None:
    if not holds:
        raise LabError(message, hint=hint)
