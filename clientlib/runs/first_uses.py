"""Does once, in the process that kernels are forked from, what each of them would do again.

The contracts of tables are read as the first table is, and Plotly reads its rules of what a chart
may hold as the first one is drawn. Importing this module does both; nothing of it starts a
thread, draws a random number or opens a warehouse.
"""

import pandas as pd

from clientlib import figures
from clientlib.warehouse.contracts import read_contracts

read_contracts()
_ROWS = pd.DataFrame(
    {"name": ["a", "b"], "low": [1.0, 2.0], "high": [3.0, 4.0], "value": [2.0, 3.0]}
)
for _chart in (
    figures.draw_bars(_ROWS, label="name", value="value", title=""),
    figures.draw_intervals(_ROWS, label="name", estimate="value", low="low", high="high", title=""),
):
    _chart.to_plotly_json()
