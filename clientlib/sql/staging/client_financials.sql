-- One row per yearly statement of a client.
-- grain:    client_id, ends_on
-- happened: published_on
-- readers:  client_id
-- column:   client_id                text    | key of staging.clients
-- column:   ends_on                  date    | last day of the financial year
-- column:   published_on             date?   | day on which the statement could be read
-- column:   staff_count              count?  | people employed, mean of the year
-- column:   sales_amount             money?  | net sales of products, goods and services
-- column:   total_income_amount      money?  | sales and all other income
-- column:   total_cost               money?  | all costs, financial ones among them
-- column:   products_cost            money?  | cost of products sold
-- column:   operating_cost           money?  | operating expenses, depreciation among them
-- column:   depreciation_cost        money?  | depreciation and amortisation
-- column:   sales_profit_amount      money?  | profit on sales
-- column:   operating_profit_amount  money?  | profit on operating activities
-- column:   financial_cost           money?  | financial expenses, interest among them
-- column:   interest_cost            money?  | interest paid
-- column:   extraordinary_amount     money?  | extraordinary items, gains above 0
-- column:   gross_profit_amount      money?  | profit before tax
-- column:   net_profit_amount        money?  | profit after tax
-- column:   total_assets_amount      money?  | balance sheet total
-- column:   fixed_assets_amount      money?  | fixed assets
-- column:   current_assets_amount    money?  | current assets
-- column:   inventory_amount         money?  | of those: stocks
-- column:   receivables_amount       money?  | of those: what is owed to the client
-- column:   securities_amount        money?  | of those: short-term securities
-- column:   cash_amount              money?  | of those: cash
-- column:   equity_amount            money?  | own capital; below 0 where losses ate it up
-- column:   share_capital_amount     money?  | of that: paid in by the owners
-- column:   retained_earnings_amount money?  | of that: profits kept in the company
-- column:   total_liabilities_amount money?  | all liabilities and provisions
-- column:   long_liabilities_amount  money?  | of those: due after more than a year
-- column:   short_liabilities_amount money?  | of those: due within a year
-- check:    happened ends_on
-- check:    happened published_on
-- check:    not_after ends_on published_on
-- check:    between staff_count 0 10000000
-- check:    between sales_amount 0 1000000000000
-- check:    between total_assets_amount 0 1000000000000
-- check:    at_most current_assets_amount total_assets_amount
-- check:    refers client_id staging.clients

select
    client_id,
    ends_on,
    published_on,
    staff_count,
    sales_amount,
    total_income_amount,
    total_cost,
    products_cost,
    operating_cost,
    depreciation_cost,
    sales_profit_amount,
    operating_profit_amount,
    financial_cost,
    interest_cost,
    extraordinary_amount,
    gross_profit_amount,
    net_profit_amount,
    total_assets_amount,
    fixed_assets_amount,
    current_assets_amount,
    inventory_amount,
    receivables_amount,
    securities_amount,
    cash_amount,
    equity_amount,
    share_capital_amount,
    retained_earnings_amount,
    total_liabilities_amount,
    long_liabilities_amount,
    short_liabilities_amount,
    known_on,
    source
from raw.client_financials
where known_until is null
