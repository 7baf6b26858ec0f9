-- One row per version of a yearly statement: what a client earns, in 26 of 64 ratios (UCI 365).
-- grain:  client_id, ends_on, version
-- as_of:  counted_on
-- readers: client_id
-- column: client_id                             | key of staging.clients
-- column: ends_on                               | last day of the financial year
-- column: version                               | which version of the statement says so, from 1
-- column: counted_on                            | day from which it counts: it had been published and we knew of it
-- column: net_profit_to_assets                  | net profit / total assets
-- column: ebit_to_assets                        | profit before interest and tax / total assets
-- column: profit_before_financing_to_assets     | (gross profit + extraordinary items + financial cost) / total assets
-- column: gross_profit_to_short_liabilities     | gross profit / short-term liabilities
-- column: cash_profit_to_sales                  | (gross profit + depreciation) / sales
-- column: profit_before_interest_to_assets      | (gross profit + interest) / total assets
-- column: liability_days_of_cash_profit         | total liabilities / (gross profit + depreciation) x 365
-- column: cash_profit_to_liabilities            | (gross profit + depreciation) / total liabilities
-- column: gross_profit_to_assets                | gross profit / total assets
-- column: gross_profit_to_sales                 | gross profit / sales
-- column: sales_growth                          | sales / sales of the year before
-- column: operating_profit_to_assets            | operating profit / total assets
-- column: net_profit_to_sales                   | net profit / sales
-- column: gross_profit_3y_to_assets             | gross profit of three years / total assets
-- column: net_cash_profit_to_liabilities        | (net profit + depreciation) / total liabilities
-- column: operating_profit_to_financial_cost    | operating profit / financial cost
-- column: profit_before_interest_to_sales       | (gross profit + interest) / sales
-- column: sales_profit_to_assets                | profit on sales / total assets
-- column: sales_profit_to_sales                 | profit on sales / sales
-- column: liability_months_of_operating_cash    | total liabilities / ((operating profit + depreciation) x 12 / 365)
-- column: operating_profit_to_sales             | operating profit / sales
-- column: net_profit_to_inventory               | net profit / inventory
-- column: operating_less_depreciation_to_assets | (operating profit - depreciation) / total assets
-- column: operating_less_depreciation_to_sales  | (operating profit - depreciation) / sales
-- column: product_margin                        | (sales - cost of products sold) / sales
-- column: cost_to_income                        | total cost / total income
-- check:  not_null client_id, ends_on, version, counted_on

-- A ratio whose parts are not all known, or whose divisor is 0, is null.
select
    client_id,
    ends_on,
    version,
    counted_on,
    net_profit_amount / assets as net_profit_to_assets,
    (gross_profit + interest_cost) / assets as ebit_to_assets,
    (gross_profit + extraordinary_amount + financial_cost) / assets as profit_before_financing_to_assets,
    gross_profit / short_liabilities as gross_profit_to_short_liabilities,
    (gross_profit + depreciation) / sales as cash_profit_to_sales,
    (gross_profit + interest_cost) / assets as profit_before_interest_to_assets,
    365 * liabilities / nullif(gross_profit + depreciation, 0) as liability_days_of_cash_profit,
    (gross_profit + depreciation) / liabilities as cash_profit_to_liabilities,
    gross_profit / assets as gross_profit_to_assets,
    gross_profit / sales as gross_profit_to_sales,
    sales / sales_before as sales_growth,
    operating_profit / assets as operating_profit_to_assets,
    net_profit_amount / sales as net_profit_to_sales,
    gross_profit_3y / assets as gross_profit_3y_to_assets,
    (net_profit_amount + depreciation) / liabilities as net_cash_profit_to_liabilities,
    operating_profit / nullif(financial_cost, 0) as operating_profit_to_financial_cost,
    (gross_profit + interest_cost) / sales as profit_before_interest_to_sales,
    sales_profit / assets as sales_profit_to_assets,
    sales_profit / sales as sales_profit_to_sales,
    liabilities / nullif((operating_profit + depreciation) * 12 / 365, 0) as liability_months_of_operating_cash,
    operating_profit / sales as operating_profit_to_sales,
    net_profit_amount / nullif(inventory, 0) as net_profit_to_inventory,
    (operating_profit - depreciation) / assets as operating_less_depreciation_to_assets,
    (operating_profit - depreciation) / sales as operating_less_depreciation_to_sales,
    (sales - products_cost) / sales as product_margin,
    total_cost / nullif(income, 0) as cost_to_income
from marts.statement_figures
order by client_id, ends_on, version
