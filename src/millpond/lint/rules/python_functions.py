"""Rules about dataset functions: their parameters, their names, their results."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from millpond.lint.features import DATASETS, FLOWS
from millpond.lint.finding import Finding, Fix, Severity
from millpond.lint.python_source import FunctionNode, PythonSource
from millpond.lint.rule import Category, Rule, replacing
from millpond.location import Span


class LateBoundLoopVariable(Rule):
    """A dataset function in a loop gets the loop's values as default arguments.

    Python looks the loop variable up when the function is called, which is after the loop: every
    dataset reads what the last one reads.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    for region in ["eu", "us"]:

        @dp.materialized_view(name=f"orders_{region}")
        def orders():
            return spark.read.table(f"raw.orders_{region}")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    for region in ["eu", "us"]:

        @dp.materialized_view(name=f"orders_{region}")
        def orders(region=region):
            return spark.read.table(f"raw.orders_{region}")
    ```
    """

    code = "PY-03"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = "Bind it now, as a default argument: def {function}({name}={name})."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Names that a loop around a dataset function sets and the function's body reads."""
        for each in source.dataset_functions:
            late = _late_name(source, each.node)
            if late is not None:
                hint = self.hint.format(function=each.node.name, name=late.id)
                fix = _default_argument(source, each.node, late.id)
                yield self.found(source.span(late), _late(late), hint=hint, fix=fix)
        for function in _lambdas(source):
            late = _late_name(source, function)
            if late is not None:
                hint = f"Bind it now, as a default argument: lambda {late.id}={late.id}: ..."
                yield self.found(source.span(late), _late(late), hint=hint)


def _late(name: ast.Name) -> str:
    return f"{name.id} has the loop's last value in every dataset"


def _lambdas(source: PythonSource) -> Iterator[ast.Lambda]:
    """The lambdas that a call of a dataset's decorator is given."""
    for call in source.all(ast.Call):
        given = call.args[0] if call.args and isinstance(call.func, ast.Call) else None
        if isinstance(given, ast.Lambda) and source.feature(call.func) in DATASETS | FLOWS:
            yield given


def _late_name(source: PythonSource, function: FunctionNode | ast.Lambda) -> ast.Name | None:
    """The first name that the body reads and a loop around the function sets."""
    changing = _loop_names(source, function)
    own = _bound_names(function)
    return next(
        (node for name, node in _read_names(function) if name in changing and name not in own), None
    )


def _loop_names(source: PythonSource, function: FunctionNode | ast.Lambda) -> set[str]:
    """The names that loops around a function set, up to the function they stand in."""
    names: set[str] = set()
    for parent in source.above(function):
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            break
        if isinstance(parent, (ast.For, ast.While)):
            stored = (n for n in ast.walk(parent) if isinstance(n, ast.Name))
            names |= {n.id for n in stored if isinstance(n.ctx, ast.Store)}
    inner = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    return names - inner


def _bound_names(function: FunctionNode | ast.Lambda) -> set[str]:
    arguments = function.args
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _read_names(function: FunctionNode | ast.Lambda) -> Iterator[tuple[str, ast.Name]]:
    for statement in [function.body] if isinstance(function, ast.Lambda) else function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node.id, node


def _default_argument(
    source: PythonSource, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> Fix | None:
    """The parameter added, where the function has none and `def name():` is on one line."""
    if ast.unparse(function.args):
        return None
    header = Span(source.span(function).file, function.lineno)
    line = header.source_line() or ""
    brackets = line.find(f"{function.name}()")
    if brackets < 0:
        return None
    column = brackets + len(function.name) + 2
    at = Span(header.file, function.lineno, column, function.lineno, column)
    return replacing(at, f"{name}={name}", f"Bind {name} as a default argument")


class FunctionReturnsNothing(Rule):
    """A dataset function returns its frame.

    Without `return` the pipeline stops with an error about None; a path without one does so only
    on the day it is taken.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        spark.read.table("raw.orders")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")
    ```
    """

    code = "PY-05"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = "Return the frame."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Dataset functions in which no `return` gives a value, and none only raises."""
        for each in source.dataset_functions:
            inside = list(_own_nodes(each.node))
            gives = any(isinstance(n, ast.Return) and n.value is not None for n in inside)
            raises = any(isinstance(n, ast.Raise) for n in each.node.body)
            bodiless = all(
                isinstance(n, ast.Pass)
                or (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
                for n in each.node.body
            )
            if not gives and not raises and (not bodiless or each.decorator(DATASETS)):
                at = _name_of(source, each.node)
                yield self.found(at, f"{each.node.name} returns no frame")


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    stack = list(ast.iter_child_nodes(function))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))


def _name_of(source: PythonSource, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Span:
    """The range of a function's name in its `def`."""
    at = source.span(function)
    line = Span(at.file, function.lineno).source_line() or ""
    column = line.find(function.name, line.find("def ") + 4) + 1
    if column == 0:
        return at
    return Span(at.file, function.lineno, column, function.lineno, column + len(function.name))


class DatasetFunctionWithParameters(Rule):
    """A dataset function is called without arguments.

    Databricks calls it with none; a parameter without a default is an error when the pipeline is
    planned.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders(region):
        return spark.read.table(f"raw.orders_{region}")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    def define_orders(region):
        @dp.materialized_view(name=f"orders_{region}")
        def orders():
            return spark.read.table(f"raw.orders_{region}")


    define_orders("eu")
    ```
    """

    code = "PY-06"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = "Define it within a function that takes the parameter, or give it a default."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Parameters without a default."""
        for each in source.dataset_functions:
            arguments = each.node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            required = positional[: len(positional) - len(arguments.defaults)]
            required += [
                parameter
                for parameter, default in zip(
                    arguments.kwonlyargs, arguments.kw_defaults, strict=True
                )
                if default is None
            ]
            if required:
                names = ", ".join(parameter.arg for parameter in required)
                at = source.span(required[0])
                yield self.found(at, f"nobody gives {each.node.name} its parameter {names}")


class DatasetFunctionCalled(Rule):
    """Datasets read one another by name, not by calling the function.

    The decorator replaces the function: a call gives None, and there is no edge in the graph.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")


    @dp.materialized_view
    def large_orders():
        return orders().where("amount > 1000")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def orders():
        return spark.read.table("raw.orders")


    @dp.materialized_view
    def large_orders():
        return spark.read.table("orders").where("amount > 1000")
    ```
    """

    code = "PY-07"
    severity = Severity.CRITICAL
    category = Category.PYTHON
    hint = 'Read it with spark.read.table("...") or spark.readStream.table("...").'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Calls of a name that is a dataset function of the module, and nothing else."""
        names = {
            each.node.name
            for each in source.dataset_functions
            if each.decorator(DATASETS) is not None
            and isinstance(source.parents.get(each.node), ast.Module)
        }
        plain = {f.name for f in source.functions} - names
        again = {f.name for f in source.functions if f.name in names and not f.decorator_list}
        for call in source.all(ast.Call):
            name = call.func.id if isinstance(call.func, ast.Name) else None
            known = name in names and name not in plain | again and name not in source.imports
            if known and not _is_local(source, call, name or ""):
                yield self.found(source.span(call), f"{name}() gives None: it is a dataset")


def _is_local(source: PythonSource, node: ast.AST, name: str) -> bool:
    """Whether the name is bound in a function around the node."""
    functions = (
        p for p in source.above(node) if isinstance(p, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    return any(name in _names_bound_in(function) for function in functions)


def _names_bound_in(function: ast.AST) -> set[str]:
    found: set[str] = set()
    for each in ast.walk(function):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.add(each.id)
        elif isinstance(each, ast.FunctionDef) and each is not function:
            found.add(each.name)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
    return found
