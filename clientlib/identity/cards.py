"""Cards of clients: what is compared, read from the columns that there are."""

from collections.abc import Hashable

import pandas as pd

from clientlib.identity.codes import read_country, read_register_code, read_vat_code
from clientlib.identity.columns import read_texts
from clientlib.identity.comparing import Card
from clientlib.identity.names import read_name
from clientlib.identity.spelling import fold

NEEDED = ("client_id", "name")
OPTIONAL = ("country", "register_code", "vat_code", "region", "industry", "parent_id")


def read_cards(clients: pd.DataFrame) -> list[Card]:
    """Read the cards of clients.

    Parameters
    ----------
    clients : DataFrame, one row per client
        ``client_id``, ``name`` and what there is of country, register_code, vat_code, region,
        industry and parent_id.

    Returns
    -------
    list of Card
        In the order of client_id.

    Raises
    ------
    InputError
        A needed column is missing.
    """
    texts = read_texts(clients, "clients", NEEDED, OPTIONAL)
    return [_card(row) for row in texts.to_dict("records")]


def _card(row: dict[Hashable, str]) -> Card:
    country = read_country(row["country"])
    return Card(
        client_id=row["client_id"],
        name=read_name(row["name"]),
        country=country,
        register=read_register_code(row["register_code"], country),
        vat=read_vat_code(row["vat_code"], country),
        places=(fold(row["region"]), fold(row["industry"])),
        parent_id=row["parent_id"],
    )
