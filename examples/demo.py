"""From a RASP program to a transformer that computes the same: ``make demo``."""

from __future__ import annotations

import string
from pathlib import Path

import compiler
import rasp

PROGRAM = Path(__file__).with_name("sort.rasp")
NAME = "sorted"
INPUTS = ("hello", "transformer", "thequickbrownfoxjumpsoverthelazydog")
LONGEST = 48


def main() -> None:
    module = rasp.load(PROGRAM)
    program = module[NAME]
    print(f"The program {PROGRAM.parent.name}/{PROGRAM.name}\n")
    print(indented(code(module.source)))

    model = compiler.compile(program, vocab=string.ascii_lowercase, max_length=LONGEST)
    print(f"\nCompiled to transformer weights, for the letters a to z and at most {LONGEST} tokens\n")
    print(indented(table(sizes(model.config))))

    print("\nThe interpreter and the transformer on the same inputs\n")
    print(indented("\n\n".join(side_by_side(text, program, model) for text in INPUTS)))

    report = compiler.verify(model, exhaustive=800, samples=200)
    print(f"\nVerified against the interpreter\n\n{indented(str(report))}")
    print(f"\nNext, try\n\n{indented(commands(Path(__file__).parent.name))}")
    if not report.passed:
        raise SystemExit(1)


def code(source: str) -> str:
    """A program without its comments."""
    return "\n".join(line for line in source.splitlines() if line.strip() and not line.startswith("#"))


def sizes(config: compiler.Config) -> list[tuple[str, str]]:
    return [
        ("layers", f"{config.layers}"),
        ("heads by layer", ", ".join(map(str, config.heads))),
        ("residual width", f"{config.d_model}"),
        ("hidden units by layer", ", ".join(map(str, config.d_mlp))),
        ("parameters", f"{config.parameters:,}"),
    ]


def side_by_side(text: str, program: rasp.SOp, model: compiler.Model) -> str:
    interpreted, compiled = program(text), model(text)
    verdict = "the same" if interpreted == compiled else "DIFFERENT"
    rows = [("input", text), ("interpreter", joined(interpreted)), ("transformer", f"{joined(compiled)}   {verdict}")]
    return table(rows)


def joined(values: list[bool | int | float | str]) -> str:
    return "".join(map(str, values))


def commands(folder: str) -> str:
    return "\n".join(
        [
            "source .venv/bin/activate",
            f"rasp run {folder}/long_addition.rasp long_addition 123456789+987654321",
            f"rasp run {folder}/dyck_k.rasp dyck2 '(){{()}}(}}'",
            f"rasp generate {folder}/count.raspl next_token '-1 3 9' --stop -2",
            f"rasp measure {folder}/sort.rasp {NAME}",
            f"rasp draw {folder}/sort.rasp {NAME} hello -o sort.svg",
            "rasp",
        ]
    )


def table(rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    main()
