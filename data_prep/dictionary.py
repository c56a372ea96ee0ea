"""The data dictionary in Markdown, made from the declarations, so that it cannot tell another story."""

from __future__ import annotations

import pyarrow as pa

from data_prep.schema import TABLES, Table


def describe_tables() -> str:
    """Markdown: a heading, a sentence and a table of columns for every table of a build."""
    return "\n".join(_describe_table(table) for table in TABLES.values())


def _describe_table(table: Table) -> str:
    lines = [
        f"#### `{table.name}` {table.zh}",
        "",
        f"A row is {table.row}. Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | 中文 | meaning |",
        "|---|---|---|---|",
    ]
    for column in table.columns:
        kind = _name_type(column.type) + (", may be null" if column.nullable else "")
        lines.append(f"| `{column.name}` | {kind} | {column.zh} | {column.meaning} |")
    return "\n".join([*lines, ""])


def _name_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_name_type(kind.value_type)}"
    return {"string": "text", "int64": "integer", "double": "real", "date32[day]": "day", "bool": "true/false"}[str(kind)]
