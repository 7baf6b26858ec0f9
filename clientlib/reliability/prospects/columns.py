"""The columns that a list of prospects may have: what each is, and what its cells may hold."""

from dataclasses import dataclass

TEXT, GRADE, DAY, COUNT, AMOUNT, SHARE = "text", "grade", "day", "count", "amount", "share"


@dataclass(frozen=True)
class ListColumn:
    """One column of a list of prospects.

    Parameters
    ----------
    name : str
        Its heading.
    kind : str
        text, grade (A to E), day (2025-12-31), count, amount (of money) or share (0..1, or 12%).
    about : str
        What it is.
    may_be_negative : bool
        Whether a loss or a debt may stand there.
    """

    name: str
    kind: str
    about: str
    may_be_negative: bool = False


LIST_COLUMNS = (
    ListColumn("name", TEXT, "name of the prospect; the only column that must be there"),
    ListColumn("register_code", TEXT, "code in the register of companies"),
    ListColumn("country", TEXT, "country"),
    ListColumn("industry", TEXT, "line of business, in the words of the list of clients"),
    ListColumn("region", TEXT, "sales region, in the words of the list of clients"),
    ListColumn("size_band", TEXT, "size class, in the words of the list of clients"),
    ListColumn("manager_id", TEXT, "who deals with it, and whose authority counts"),
    ListColumn("bureau_grade", GRADE, "grade of a credit bureau, A to E"),
    ListColumn("open_arrears_count", COUNT, "arrears of taxes that are not settled"),
    ListColumn("arrears_24m_count", COUNT, "arrears of taxes of two years"),
    ListColumn("claims_24m_count", COUNT, "court claims and enforcements of two years"),
    ListColumn("insolvencies_count", COUNT, "insolvency proceedings that are not over"),
    ListColumn("late_statements_24m_count", COUNT, "statements filed late in two years"),
    ListColumn("year_ends_on", DAY, "last day of the statement's year"),
    ListColumn("equity_amount", AMOUNT, "own capital", may_be_negative=True),
    ListColumn("total_assets_amount", AMOUNT, "balance sheet total"),
    ListColumn("current_assets_amount", AMOUNT, "current assets"),
    ListColumn("receivables_amount", AMOUNT, "of those: what is owed to it"),
    ListColumn("cash_amount", AMOUNT, "of those: cash; kept, no sign looks at it yet"),
    ListColumn("total_liabilities_amount", AMOUNT, "all liabilities and provisions"),
    ListColumn("short_liabilities_amount", AMOUNT, "of those: due within a year"),
    ListColumn("sales_amount", AMOUNT, "net sales of the year"),
    ListColumn("previous_sales_amount", AMOUNT, "those of the year before"),
    ListColumn("gross_profit_amount", AMOUNT, "profit before tax", may_be_negative=True),
    ListColumn("net_profit_amount", AMOUNT, "profit after tax", may_be_negative=True),
    ListColumn("depreciation_amount", AMOUNT, "depreciation and amortisation"),
    ListColumn("asked_amount", AMOUNT, "what it wants to buy in a usual month"),
    ListColumn("asked_payment_days", COUNT, "days to pay that it asks for"),
    ListColumn("collateral_amount", AMOUNT, "guarantee, deposit or insurance behind it"),
    ListColumn("contacts_count", COUNT, "our calls and letters whose outcome is known"),
    ListColumn("answered_count", COUNT, "of those: answered"),
    ListColumn("quotes_count", COUNT, "lines of quotes that it got"),
    ListColumn("longer_terms_count", COUNT, "of those: for which it asked for more days to pay"),
    ListColumn("prepaid_refused_count", COUNT, "of those: prepayment asked for and refused"),
    ListColumn("asked_off_share", SHARE, "share of the list price that it still asked off"),
)
BY_HEADING = {column.name: column for column in LIST_COLUMNS}
# Parts that cannot exceed their whole.
PARTS = (
    ("current_assets_amount", "total_assets_amount"),
    ("receivables_amount", "current_assets_amount"),
    ("short_liabilities_amount", "total_liabilities_amount"),
    ("answered_count", "contacts_count"),
    ("longer_terms_count", "quotes_count"),
    ("prepaid_refused_count", "quotes_count"),
)
