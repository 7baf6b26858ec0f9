"""Running totals by client and day, looked up as of any day, without a join with the past."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Days fit into it, back to 1970 and on to the year 4800: key = client code * span + day.
SPAN = 2**20


@dataclass(frozen=True)
class Running:
    """Values of clients that hold from a day on until the next row of the same client.

    Parameters
    ----------
    keys : array of int, shape (n_rows,)
        Client code and day in one number, ascending.
    codes : array of int, shape (n_rows,)
        Client code of each row.
    values : dict of array of float, each of shape (n_rows,)
        What held from that day on, by name.
    """

    keys: Ints
    codes: Ints
    values: dict[str, Floats]

    def find(self, codes: Ints, days: Ints) -> Ints:
        """Find the last row of each client on or before a day.

        Parameters
        ----------
        codes, days : array of int, shape (n,)
            Clients, and days since 1970.

        Returns
        -------
        array of int, shape (n,)
            Positions of rows; -1 where a client has none by then.
        """
        places = np.searchsorted(self.keys, codes * SPAN + days, side="right") - 1
        if not len(self.codes):
            return places
        return np.where((places >= 0) & (self.codes[places] == codes), places, -1)

    def take(self, name: str, places: Ints, missing: float = 0.0) -> Floats:
        """Read a value at positions.

        Parameters
        ----------
        name : str
            Which value.
        places : array of int, shape (n,)
            From `find`.
        missing : float
            Given where there is no row.

        Returns
        -------
        array of float, shape (n,)
            The values.
        """
        if not len(self.codes):
            return np.full(len(places), missing)
        return np.where(places >= 0, self.values[name][places], missing)


def run_totals(codes: Ints, days: Ints, amounts: dict[str, Floats]) -> Running:
    """Add up amounts by client, day after day.

    Parameters
    ----------
    codes, days : array of int, shape (n_rows,)
        Client and day since 1970 of each row, in any order.
    amounts : dict of array of float, each of shape (n_rows,)
        What is added on that day.

    Returns
    -------
    Running
        The totals so far, under the same names.
    """
    order = np.lexsort((days, codes))
    sorted_codes = codes[order]
    table = pd.DataFrame({name: values[order] for name, values in amounts.items()})
    totals = table.groupby(sorted_codes, sort=False).cumsum()
    values = {name: totals[name].to_numpy(dtype=np.float64) for name in amounts}
    return Running(sorted_codes * SPAN + days[order], sorted_codes, values)


def as_day_numbers(days: "pd.Series[pd.Timestamp]") -> Ints:
    """Count days since 1970.

    Parameters
    ----------
    days : Series of datetime64
        Without missing values.

    Returns
    -------
    array of int, shape (n,)
        Day numbers.
    """
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)
