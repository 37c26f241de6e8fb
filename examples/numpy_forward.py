"""Runs a saved model with NumPy and safetensors alone: ``python numpy_forward.py MODEL TOKEN...``"""

import json
import sys
from fractions import Fraction
from typing import Any

import numpy as np
from safetensors import safe_open


def load(path: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["rasp"])["description"]  # noqa: SIM118


def forward(arrays: dict[str, np.ndarray], ids: list[int], causal: bool) -> np.ndarray:
    """What the transformer puts out, of shape (length, outputs)."""
    ids = [len(arrays["tokens"]) - 1, *ids]  # BOS is the last of the vocabulary
    stream = arrays["tokens"][ids] + arrays["positions"][: len(ids)]
    hidden = np.triu(np.full((len(ids), len(ids)), causal), 1)
    for number in range(sum(name.endswith("mlp.into") for name in arrays)):
        w = {name.split(".", 2)[2]: array for name, array in arrays.items() if name.startswith(f"layers.{number}.")}
        query, key, value = (stream @ w[f"attention.{p}"] + w[f"attention.{p}_bias"][:, None] for p in ("query", "key", "value"))
        scores = np.where(hidden, np.float32(-np.inf), query @ key.transpose(0, 2, 1))
        powers = np.exp(scores - 64 * np.floor(scores.max(axis=-1, keepdims=True) / 64))  # so that what is counted weighs 1
        mixed = powers @ value / powers.sum(axis=-1, keepdims=True)
        stream = stream + ((mixed @ w["attention.out"]).sum(axis=0) + w["attention.out_bias"])
        stream = stream + (np.maximum(stream @ w["mlp.into"] + w["mlp.into_bias"], 0) @ w["mlp.out"] + w["mlp.out_bias"])
    return stream[1:] @ arrays["unembedding"] + arrays["unembedding_bias"]


def decode(outputs: np.ndarray, description: dict[str, Any]) -> list[Any] | str:
    """The values; or, if the program has none on this input, why."""
    numbers, columns = np.split(outputs, [outputs.shape[1] - len(description["alarms"])], axis=1)
    for alarm, column in zip(description["alarms"], columns.T, strict=True):
        raised = column != column[0] if alarm["mixed"] else column > alarm["most"]
        if raised.any() and (alarm["unless"] is None or (column <= alarm["unless"]).all()):
            return alarm["problem"]
    if not np.isfinite(outputs).all():
        return "some value has left its bounds"
    values = [value(row, description["decoder"]) for row in numbers]
    return "strings beside numbers" if len({isinstance(item, str) for item in values}) > 1 else values


def value(outputs: np.ndarray, decoder: dict[str, Any]) -> Any:
    """The value at one position; ``compiler/decode.py`` says what the numbers mean."""
    numbers = [int(number) for number in np.rint(outputs)]
    match decoder["type"], numbers:
        case "Number", [number]:
            return number
        case "Choice", _:
            return atom(decoder["values"][outputs.argmax()])
        case "Mean", [total, width, code] if width:
            return total / (width * decoder["scale"]) if width > 1 else atom(decoder["values"][decoder["codes"].index(code)])
        case "Quotient", [top, bottom, shift, *told] if bottom:
            number = Fraction(top, bottom) + shift
            return float(number) if decoder["kind"] == "float" or told == [1] else int(number)
    return atom(decoder["empty" if "empty" in decoder else "default"])


def atom(data: Any) -> Any:
    """A token or value as the file holds it: JSON, but a float is a fraction, and a very large int a text."""
    if not isinstance(data, dict):
        return data
    top, *bottom = (int(part, 16) for text in data.values() for part in text.split("/"))
    return top / bottom[0] if bottom else top


if __name__ == "__main__":
    arrays, description = load(sys.argv[1])
    vocabulary = [str(atom(token)) for token in description["vocab"]]
    print(decode(forward(arrays, [vocabulary.index(token) for token in sys.argv[2:]], description["causal"]), description))
