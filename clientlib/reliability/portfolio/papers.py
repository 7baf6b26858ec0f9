"""What stands behind a client: its latest statement and registers, beside those of its trade."""

import pandas as pd

from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.risks.catalogue import SIGNS
from clientlib.reliability.risks.wording import word_sign

PAPER_COLUMNS = ("client_id", "sign", "words", "value", "usual", "peers_count")
SUBJECTS = ("statements", "registers")
FEWEST_PEERS = 5


def list_papers(assessment: Assessment) -> pd.DataFrame:
    """Set the ratios and register entries of every client beside the median of its trade.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    DataFrame, one row per client and sign that is known of it
        Columns `PAPER_COLUMNS`: usual is the median of the clients of the same line of business
        of whom it is known, null where these are fewer than 5; of nought entries in a register,
        which are no news, nothing is listed.
    """
    now, trade = assessment.now, assessment.now["industry"].astype(object).fillna("")
    tables = [
        _list(now, trade, sign.name, sign.subject) for sign in SIGNS if sign.subject in SUBJECTS
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values("client_id", kind="stable", ignore_index=True)[list(PAPER_COLUMNS)]


def _list(now: pd.DataFrame, trade: pd.Series, name: str, subject: str) -> pd.DataFrame:
    value = now[name].astype(float)
    peers = value.groupby(trade)
    count = peers.transform("count")
    told = value.notna() & ((subject == "statements") | (value > 0))
    table = pd.DataFrame(
        {
            "client_id": now["client_id"],
            "sign": name,
            "words": word_sign(name),
            "value": value,
            "usual": peers.transform("median").where(count >= FEWEST_PEERS),
            "peers_count": count.astype("int64"),
        }
    )
    kept: pd.DataFrame = table[told]
    return kept
