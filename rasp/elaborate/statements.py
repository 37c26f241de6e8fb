"""Executes statements, and the items of a loaded file one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never, cast

from rasp import limits
from rasp.elaborate import calls, loading
from rasp.elaborate.expressions import bind_targets, evaluate, evaluate_all, iterate, spread
from rasp.elaborate.functions import RaspFunction
from rasp.elaborate.kinds import MatrixResult, SequenceResult, Value, describe
from rasp.elaborate.outcomes import (
    Applied,
    Assigned,
    Binding,
    Drawing,
    Evaluated,
    ExamplesShown,
    Exited,
    Loaded,
    Outcome,
    Silent,
)
from rasp.elaborate.run import Run, Settings
from rasp.elaborate.scope import Scope, named
from rasp.errors import RaspError, RaspLoadError, RaspTypeError, Span, raise_all, too_many_errors
from rasp.syntax import ast
from rasp.values import SOp, Tokens

OUT = "out"


def execute_item(item: ast.Statement, scope: Scope, run: Run) -> Outcome:
    """Execute a statement or a command of the console or of a file.

    Raises:
        RaspError: it failed. What it would have defined is noted in the scope.
    """
    try:
        match item:
            case ast.SetExample() | ast.ShowExample() | ast.ToggleExamples() | ast.ToggleFullDisplay() | ast.Exit():
                return _command(item, scope, run)
            case ast.ExpressionStatement(value=expr):
                value = evaluate(expr, scope, run)
                scope.variables[OUT] = value
                return _shown(expr, value)
            case _:
                outcome = execute(item, scope, run)
    except RaspError:
        scope.excuse(_defined_names(item))
        raise
    if isinstance(outcome, Loaded) and outcome.errors:
        scope.excuse(None)
    return outcome


def execute(statement: ast.Statement, scope: Scope, run: Run) -> Outcome:
    """Execute a statement of a function, a loop or the top level."""
    run.charge(1, statement.span)
    match statement:
        case ast.ExpressionStatement(value=expr):
            return _shown(expr, evaluate(expr, scope, run))
        case ast.Assign():
            return _assign(statement, scope, run)
        case ast.FunctionDef():
            return _define(statement, scope, run)
        case ast.For():
            return _loop(statement, scope, run)
        case ast.Load():
            return _load(statement, scope, run)
        case ast.Draw():
            return _draw(statement, scope, run)
        case _:
            raise RaspTypeError("this statement can't stand here", statement.span)


def _shown(expr: ast.Expr, value: Value) -> Outcome:
    match value:
        case SequenceResult() | MatrixResult() if not isinstance(expr, ast.Name):
            return Applied(value)
        case _:
            return Evaluated(expr.name if isinstance(expr, ast.Name) else OUT, value)


def _assign(statement: ast.Assign, scope: Scope, run: Run) -> Assigned:
    values = _several(statement.values, scope, run)
    targets = statement.targets
    if len(targets) == 1:
        parts: list[Value] = values if len(values) == 1 else [values]
    else:
        parts = values if len(values) > 1 else _spread(values[0], len(targets), run.place(statement.span))
    if len(parts) != len(targets):
        span = run.place(statement.values[0].span.to(statement.values[-1].span))
        raise RaspTypeError(f"expected {len(targets)} values, but got: {len(parts)}", span)
    bindings = tuple(Binding(target.name, named(part, target.name)) for target, part in zip(targets, parts, strict=True))
    for target, binding in zip(targets, bindings, strict=True):
        scope.bind(target.name, binding.value, run.place(target.span))
    return Assigned(bindings)


def _several(exprs: tuple[ast.Expr, ...], scope: Scope, run: Run) -> list[Value]:
    """The values of an assignment or a return; two or more may become a list."""
    values = evaluate_all(exprs, scope, run)
    if len(values) > 1:
        run.charge_items(values, exprs[0].span)
    return values


def _spread(value: Value, count: int, span: Span) -> list[Value]:
    parts = spread(value)
    if parts is None:
        raise RaspTypeError(f"expected {count} values, but got one that can't be taken apart: {describe(value)}", span)
    return parts


def _define(statement: ast.FunctionDef, scope: Scope, run: Run) -> Assigned:
    parameters = tuple(parameter.name for parameter in statement.parameters)
    name = statement.name.name
    function = RaspFunction(name, parameters, statement, scope, scope.name, _execute_body)
    scope.bind(name, function, run.place(statement.name.span))
    return Assigned((Binding(name, function),))


def _execute_body(definition: ast.FunctionDef, scope: Scope, run: Run) -> Value:
    _execute_block(definition.body, scope, run)
    results = _several(definition.results, scope, run)
    return results[0] if len(results) == 1 else results


def _execute_block(statements: tuple[ast.RaspStatement, ...], scope: Scope, run: Run) -> None:
    """Statements whose outcomes nobody sees. A file that loads with errors stops the block."""
    for statement in statements:
        outcome = execute(statement, scope, run)
        match outcome:
            case Loaded():
                raise_all(outcome.errors)
            case Drawing():
                run.drawings.append(outcome)
            case _:
                pass


def _loop(statement: ast.For, scope: Scope, run: Run) -> Silent:
    for element in iterate(statement.iterable, scope, run):
        bind_targets(statement.targets, element, scope, run)
        _execute_block(statement.body, scope, run)
    return Silent()


def _draw(statement: ast.Draw, scope: Scope, run: Run) -> Drawing:
    span = run.place(statement.span)
    if statement.input is None:
        tokens: Tokens = run.settings.sop_example
    else:
        tokens = calls.input_tokens(evaluate(statement.input, scope, run), span)
    subject = evaluate(statement.subject, scope, run)
    if not isinstance(subject, SOp):
        raise RaspTypeError(f"draw expects an s-op, got: {describe(subject)}", span)
    return Drawing(subject, tokens, cast(SequenceResult, calls.apply_to_tokens(subject, tokens, span)))


def _load(statement: ast.Load, scope: Scope, run: Run) -> Loaded:
    """Run a file in a scope of its own, which sees the library and nothing of the loader."""
    from rasp.elaborate.library import base_scope

    span = run.place(statement.span)
    path = loading.find(statement.path, scope.nearest_folder(), span)
    resolved = path.resolve()
    if resolved in run.loading:
        chain = " loads ".join(str(loaded.name) for loaded in (*run.loading[run.loading.index(resolved) :], resolved))
        raise RaspLoadError(f"files load each other in a circle: {chain}", span)
    reading = loading.read_file(path, span)
    name = statement.path.removesuffix(loading.SUFFIX)
    file_scope = Scope(name, base_scope(), protected=scope.protected, exported_to=scope, folder=path.parent)
    if reading.errors:
        file_scope.excuse(None)
    outer_loading, outer_settings = run.loading, run.settings
    run.loading = (*outer_loading, resolved)
    run.settings = replace(outer_settings, show_sops=False, show_selectors=False)
    items = execute_all(reading, file_scope, run)
    at_end, run.loading = run.settings, outer_loading
    run.settings = replace(at_end, show_sops=outer_settings.show_sops, show_selectors=outer_settings.show_selectors)
    return Loaded(statement.path, items, at_end)


def execute_all(reading: loading.Reading, scope: Scope, run: Run) -> tuple[Outcome | RaspError, ...]:
    """Execute a file's items in order; a failed one does not stop the others, ``exit`` and a spent limit do."""
    items: list[Outcome | RaspError] = []
    errors = 0
    for item in loading.in_order(reading):
        if isinstance(item, RaspError):
            items.append(item)
            continue
        try:
            items.append(execute_item(item, scope, run))
        except RaspError as error:
            items.append(error)
            errors += len(error.errors)
        if errors >= limits.ERRORS:
            items.append(too_many_errors(item.span))
        if isinstance(items[-1], Exited) or run.steps < 0 or errors >= limits.ERRORS:
            break
    return tuple(items)


def _command(command: ast.Command, scope: Scope, run: Run) -> Outcome:
    match command:
        case ast.SetExample(subset=subset, value=expr):
            tokens = calls.input_tokens(evaluate(expr, scope, run), expr.span)
            run.settings = _with_example(run.settings, subset, tokens)
        case ast.ToggleExamples(subset=subset, on=on):
            run.settings = _with_switch(run.settings, subset, on)
        case ast.ToggleFullDisplay(on=on):
            run.settings = replace(run.settings, full_display=on)
        case ast.ShowExample(subset=subset):
            return ExamplesShown(subset)
        case ast.Exit():
            return Exited()
        case _:
            assert_never(command)
    return Silent()


def _with_example(settings: Settings, subset: ast.Subset, tokens: Tokens) -> Settings:
    if subset != "selector":
        settings = replace(settings, sop_example=tokens)
    return settings if subset == "s-op" else replace(settings, selector_example=tokens)


def _with_switch(settings: Settings, subset: ast.Subset, on: bool) -> Settings:
    if subset != "selector":
        settings = replace(settings, show_sops=on)
    return settings if subset == "s-op" else replace(settings, show_selectors=on)


def _defined_names(statement: ast.Statement) -> list[str] | None:
    """The names that a failed statement would have bound; None for a file that could not be loaded."""
    match statement:
        case ast.Assign(targets=targets):
            return [target.name for target in targets]
        case ast.FunctionDef(name=name):
            return [name.name]
        case ast.For(targets=targets, body=body):
            inner = [_defined_names(part) for part in body]
            names = [target.name for target in targets]
            return None if None in inner else names + [name for part in inner if part for name in part]
        case ast.Load():
            return None
        case _:
            return []
