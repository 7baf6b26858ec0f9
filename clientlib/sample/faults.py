"""What mess is planted in which table: bad rows, blanks, other spellings, stray spaces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A kind of bad row: a copy of a good one under a key of its own, with cells spoilt.

    Parameters
    ----------
    reason : str
        What is wrong, in the words of the truth file.
    cells : dict of str to str
        Spoilt texts by heading.
    count : int
        Rows of this kind.
    keeps_key : bool
        Whether the row keeps the key of the good one: a repeated key with other content.
    """

    reason: str
    cells: dict[str, str]
    count: int = 1
    keeps_key: bool = False


@dataclass(frozen=True)
class Orphans:
    """Good rows that name a key which is not there.

    Parameters
    ----------
    heading : str
        Where the key stands.
    key : str
        The key that no row has.
    count : int
        Rows that get it.
    """

    heading: str
    key: str
    count: int


REPEATS_KEY = "repeats key"
FAULTS: dict[str, tuple[Fault, ...]] = {
    "clients": (
        Fault("missing value", {"Company": ""}, 2),
        Fault("impossible date", {"First contact": "31.12.2999"}),
        Fault(REPEATS_KEY, {"Company": "UAB „Kita Įmonė“", "Size": ""}, 1, keeps_key=True),
    ),
    "products": (
        Fault("out of range", {"ListPrice": "-4.5"}),
        Fault(REPEATS_KEY, {"Description": "Sample item 0-0"}, 1, keeps_key=True),
    ),
    "deals": (
        Fault("text for a number", {"Value EUR": "apie 5 tūkst."}),
        Fault("dates in the wrong order", {"Closed": "03.01.2005", "Result": "Won"}),
        Fault("closed without a day", {"Closed": "", "Result": "Lost"}),
    ),
    "orders": (
        Fault("impossible date", {"OrderDate": "2999-01-01"}, 2),
        Fault("unknown value", {"Status": "X"}),
        Fault(REPEATS_KEY, {"Channel": "fax"}, 2, keeps_key=True),
    ),
    "order_lines": (
        Fault("text for a number", {"Qty": "dvi dėžės"}, 2),
        Fault("out of range", {"UnitPrice": "-12.5"}, 2),
        Fault(REPEATS_KEY, {"Qty": "7777"}, 1, keeps_key=True),
    ),
    "deliveries": (
        Fault("impossible date", {"DeliveryDate": "2999-12-31"}),
        Fault("more refused than sent", {"Qty": "5", "RejectedQty": "50"}),
    ),
    "invoices": (
        Fault("text for a number", {"AmountInclVAT": "n/a"}),
        Fault("missing value", {"CustNo": ""}),
        Fault("dates in the wrong order", {"DueDate": "2001-05-05"}),
    ),
    "payments": (
        Fault("impossible date", {"PaymentDate": "2999-06-30"}),
        Fault("text for a number", {"Amount": "pagal sąskaitą"}),
        Fault(REPEATS_KEY, {"Amount": "0.01"}, 1, keeps_key=True),
    ),
    "complaints": (Fault("out of range", {"Cost EUR": "-80,5"}),),
    "product_matches": (
        Fault("out of range", {"Probability": "1,7"}),
        Fault("unknown value", {"Kind": "maybe"}),
    ),
    "competitor_prices": (
        Fault("out of range", {"Price": "-3,2"}, 2),
        Fault("text for a number", {"Price": "pagal užklausą"}),
        Fault("impossible date", {"SeenOn": "2999/02/01"}),
    ),
    "contacts": (
        Fault("missing value", {"Client No": ""}),
        Fault("dates in the wrong order", {"Left": "03.01.1990"}),
        Fault(REPEATS_KEY, {"Person": "Kitas Asmuo"}, 1, keeps_key=True),
    ),
    "assignments": (Fault("dates in the wrong order", {"Until": "03.01.1990"}),),
    "referrals": (Fault("out of range", {"Reward EUR": "-50"}),),
    "interactions": (
        Fault("unknown value", {"Channel": "telegrama"}, 2),
        Fault("text for a number", {"Minutes": "pusvalandis"}, 2),
        Fault("impossible date", {"Day": "31.12.2999"}),
        Fault(REPEATS_KEY, {"Minutes": "777"}, 1, keeps_key=True),
    ),
    "needs": (Fault("unknown value", {"Urgency": "vakar"}),),
    "surveys": (
        Fault("out of range", {"Score": "11"}),
        Fault("text for a number", {"Score": "puikiai"}),
    ),
    "contracts": (
        Fault("out of range", {"Days to pay": "-30"}),
        Fault("text for a number", {"Credit limit EUR": "pagal susitarimą"}),
        Fault("dates in the wrong order", {"Until": "03.01.1990"}),
    ),
    "obligations": (
        Fault("unknown value", {"Owed by": "visi"}),
        Fault("same on both sides", {"Owed by": "Us", "Owed to": "Us"}),
        Fault("impossible date", {"Done": "31.12.2999"}),
    ),
    "programme_members": (Fault("out of range", {"Reward EUR": "-12,5"}),),
    "campaigns": (Fault("out of range", {"Cost EUR": "-300"}),),
    "touches": (
        Fault("missing value", {"Client No": ""}),
        Fault("impossible date", {"Day": "31.12.2999"}),
    ),
    "targets": (
        Fault("unknown value", {"Measure": "laimė"}),
        Fault("dates in the wrong order", {"Until": "03.01.1990"}),
    ),
    "incidents": (Fault("out of range", {"Damage EUR": "-80"}),),
    "product_costs": (Fault("out of range", {"UnitCost": "-1.5"}),),
    "price_list": (
        Fault("text for a number", {"ListPrice": "on request"}),
        Fault(REPEATS_KEY, {"ListPrice": "0.01"}, 1, keeps_key=True),
    ),
    "stock": (
        Fault("out of range", {"OnHand": "-7"}),
        Fault("more reserved than there is", {"OnHand": "5", "Reserved": "50"}),
    ),
    "quotes": (
        Fault("out of range", {"Price": "-9.9"}),
        Fault("dates in the wrong order", {"ValidTo": "2001-05-05"}),
        Fault("unknown value", {"Result": "maybe"}),
    ),
    "client_prices": (Fault("text for a number", {"Price": "sutartinė"}),),
    "returns": (Fault("impossible date", {"ReturnDate": "2999-12-31"}),),
    "handoffs": (
        Fault("same on both sides", {"FromUnit": "sales", "ToUnit": "sales"}),
        Fault("dates in the wrong order", {"TakenDate": "2001-05-05"}),
    ),
    "approval_limits": (Fault("unknown value", {"Kind": "anything"}),),
    "competitor_facts": (
        Fault("out of range", {"Probability": "1,7"}),
        Fault("dates in the wrong order", {"Expires": "2001/05/05"}),
    ),
    "client_financials": (
        Fault("text for a number", {"Sales": "nepateikta"}),
        Fault("a part above the whole", {"CurrentAssets": "900000", "TotalAssets": "1000"}),
        Fault("impossible date", {"Published": "2999/06/30"}),
    ),
    "registry_events": (
        Fault("unknown value", {"Kind": "gandas"}),
        Fault("dates in the wrong order", {"Published": "1990/01/03"}),
    ),
}
# Cells left blank, or written in another spelling that the preset mends: share of the rows.
BLANKS = {
    "clients": {"Region": 0.04, "Line of business": 0.03, "Size": 0.05},
    "orders": {"Channel": 0.02, "RepNo": 0.01},
    "complaints": {"Unit": 0.05},
    "contacts": {"Role": 0.06},
    "interactions": {"Topic": 0.03},
    "obligations": {"Value EUR": 0.05},
}
SPELLINGS = {
    "clients": {"Country": ({"LT": ("Lithuania", "LIETUVA"), "LV": ("Latvia",)}, 0.14)},
    "products": {
        "Family": (
            {"Cables": ("Kabeliai",), "Lighting": ("LIGHTING", "Apšvietimas"),
             "Work wear": ("Workwear",)},
            0.2,
        )
    },
    "interactions": {"Channel": ({"call": ("Phone", "Skambutis"), "e-mail": ("mail",)}, 0.12)},
}  # fmt: skip
STRAYS = {"clients": "Company", "products": "Description", "orders": "CustNo", "deals": "Reason",
          "contacts": "Person", "needs": "Statement"}  # fmt: skip
OVERLAPPING = ("orders", "payments")
ORPHANS = {
    "interactions": Orphans("Contact No", "CT-99999", 3),
    "obligations": Orphans("Contract No", "K-9999", 2),
    "stock": Orphans("ItemNo", "P9999", 2),
}
