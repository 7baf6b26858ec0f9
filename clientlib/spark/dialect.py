"""Statements of staging and marts, said in the SQL of Spark.

The statements are written for DuckDB. sqlglot knows most words of both; what follows here are
the places where it would give a statement that fails on Spark, or one that means something else.
"""

from collections.abc import Callable, Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema
from sqlglot.transforms import eliminate_qualify

from clientlib.errors import ContractError

FROM, TO = "duckdb", "spark"


def to_spark(statement: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Say a statement in the SQL of Spark; tables become the views of ``view_name``.

    Parameters
    ----------
    statement : str
        A ``select`` in the SQL of DuckDB.
    columns : mapping of str to sequence of str
        The columns of every table that it reads, by ``schema.table``.

    Returns
    -------
    str
        A ``select`` that gives the same rows on Spark, in no order.

    Raises
    ------
    ContractError
        Spark has no words for a part of it.
    """
    tree = sqlglot.parse_one(statement, dialect=FROM)
    if not tree.args.get("limit"):
        tree.set("order", None)  # rows are put in order where they are kept
    # Spells out stars, with what they leave out and replace, and names that stand for expressions.
    tree = qualify(
        tree,
        dialect=FROM,
        schema=_schema(columns),
        quote_identifiers=False,
        validate_qualify_columns=False,
    )
    for translate in TRANSLATIONS:
        tree = _translate_within(tree, translate)
    return tree.sql(dialect=TO, comments=False)


def view_name(table: str) -> str:
    """Name the temporary view that a table of the warehouse has on Spark.

    Parameters
    ----------
    table : str
        As ``schema.table``.

    Returns
    -------
    str
        A name without a schema, which temporary views cannot have.
    """
    return f"clientlib_{table.replace('.', '_')}"


def _translate_within(tree: exp.Expr, translate: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    for node in reversed(list(tree.walk())):  # what lies within comes first
        said = translate(node)
        if node is tree:
            return said
        node.replace(said)
    return tree


def _schema(columns: Mapping[str, Sequence[str]]) -> MappingSchema:
    schema = MappingSchema(dialect=FROM)
    for table, names in columns.items():
        schema.add_table(table, dict.fromkeys(names, "unknown"))
    return schema


def _name_view(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Table) or not node.db:
        return node
    return exp.to_table(view_name(f"{node.db}.{node.name}"), alias=node.alias)


def _drop_hint(node: exp.Expr) -> exp.Expr:
    """Spark decides by itself which parts of a statement it keeps."""
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    return node


def _select_around(node: exp.Expr) -> exp.Expr:
    """Put a ``qualify`` into a select around, where the tables within have no names any more."""
    if not (isinstance(node, exp.Select) and node.args.get("qualify")):
        return node
    around = eliminate_qualify(node.copy())
    for column in around.args["where"].find_all(exp.Column):
        column.set("table", None)
    return around


def _enclose_window(node: exp.Expr) -> exp.Expr:
    """Spark reads a minus after the name of a window as a part of the name."""
    if isinstance(node, exp.Sub) and isinstance(node.this, exp.Window):
        return exp.Sub(this=exp.paren(node.this), expression=node.expression)
    return node


def _join_last_before(node: exp.Expr) -> exp.Expr:
    """Join each row with the last one at or before it: with the one whose follower is later."""
    if not isinstance(node, exp.Join) or node.args.get("method") != "ASOF":
        return node
    table = node.this.alias_or_name
    conditions = list(node.args["on"].flatten())
    at_or_after = [found for found in conditions if isinstance(found, exp.GTE)]
    if len(at_or_after) != 1:
        raise ContractError(
            "an asof join needs one condition of the form mine.day >= theirs.day",
            example=node.args["on"].sql(dialect=FROM),
        )
    (since,) = at_or_after
    keys = [_side(found, table) for found in conditions if found is not since]
    day = _side(since, table)
    follower = exp.column("follower", table=table)
    earlier = since.this.copy()
    node.set("method", None)
    node.set("this", _with_follower(node.this, keys, day))
    node.set("on", exp.and_(node.args["on"], exp.or_(follower.is_(exp.null()), follower > earlier)))
    return node


def _side(condition: exp.Expr, table: str) -> exp.Column:
    """Find the column of one table in a comparison."""
    (column,) = (found for found in condition.find_all(exp.Column) if found.table == table)
    return column


def _with_follower(source: exp.Table, keys: list[exp.Column], day: exp.Column) -> exp.Subquery:
    following = exp.Window(
        this=exp.Lead(this=exp.column(day.name)),
        partition_by=[exp.column(key.name) for key in keys],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(day.name))]),
    )
    inner = exp.select("*", exp.alias_(following, "follower")).from_(source.name)
    return inner.subquery(source.alias_or_name)


def _take_first(node: exp.Expr) -> exp.Expr:
    """Take the first of a list in order as the value at the least of what it is ordered by."""
    if not (isinstance(node, exp.Bracket) and node.expressions == [exp.Literal.number(0)]):
        return node
    ordered = node.this.this if isinstance(node.this, exp.ArrayAgg) else None
    if not isinstance(ordered, exp.Order) or len(ordered.expressions) > 1:
        return node
    (order,) = ordered.expressions
    pick = exp.ArgMax if order.args.get("desc") else exp.ArgMin
    return pick(this=ordered.this, expression=order.this)


def _refuse_ordered_list(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
        raise ContractError(
            "Spark would lose the order of a list",
            example=node.sql(dialect=FROM),
            hint="take its first value by one column, or arg_min and arg_max",
        )
    return node


def _count_months(node: exp.Expr) -> exp.Expr:
    """DuckDB counts the turns of months between two days, Spark would count full months."""
    if not isinstance(node, exp.DateDiff) or node.text("unit").upper() != "MONTH":
        return node
    until, since = node.this, node.expression
    years = exp.paren(exp.Year(this=until.copy()) - exp.Year(this=since.copy()))
    months = exp.Month(this=until.copy()) - exp.Month(this=since.copy())
    return exp.paren(years * 12 + months)


def _slice(values: exp.Expr, first: exp.Expr, last: exp.Expr) -> exp.Expr:
    """Cut a list: DuckDB names the last place, Spark how many."""
    count = exp.paren(last.copy()) - exp.paren(first.copy()) + 1
    return exp.func("SLICE", values, first, count)


_FUNCTIONS: dict[str, Callable[..., exp.Expr]] = {
    "LIST_LAST": lambda values: exp.func("ELEMENT_AT", values, exp.Literal.number(-1)),
    "LIST_POSITION": lambda values, value: exp.func("ARRAY_POSITION", values, value),
    "LIST_REVERSE": lambda values: exp.func("REVERSE", values),
    "LIST_SLICE": _slice,
}


def _rename_function(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Anonymous) and node.name.upper() in _FUNCTIONS:
        return _FUNCTIONS[node.name.upper()](*node.expressions)
    return node


TRANSLATIONS = (
    _name_view,
    _drop_hint,
    _select_around,
    _enclose_window,
    _join_last_before,
    _take_first,
    _refuse_ordered_list,
    _count_months,
    _rename_function,
)
