-- One row per version of a yearly statement: what a client owns, owes and turns over, in 38 of 64 ratios (UCI 365).
-- grain:  client_id, ends_on, version
-- as_of:  counted_on
-- readers: client_id
-- column: client_id                           | key of staging.clients
-- column: ends_on                             | last day of the financial year
-- column: version                             | which version of the statement says so, from 1
-- column: counted_on                          | day from which it counts: it had been published and we knew of it
-- column: liabilities_to_assets               | total liabilities / total assets
-- column: working_capital_to_assets           | working capital / total assets
-- column: current_ratio                       | current assets / short-term liabilities
-- column: defensive_days                      | cash and claims less short-term liabilities, in days of cash cost
-- column: retained_earnings_to_assets         | retained earnings / total assets
-- column: equity_to_liabilities               | equity / total liabilities
-- column: sales_to_assets                     | sales / total assets
-- column: equity_to_assets                    | equity / total assets
-- column: assets_to_liabilities               | total assets / total liabilities
-- column: inventory_days                      | inventory / sales x 365
-- column: added_equity_to_assets              | (equity - share capital) / total assets
-- column: working_capital_to_fixed_assets     | working capital / fixed assets
-- column: log_assets                          | logarithm of total assets, base 10
-- column: net_liabilities_to_sales            | (total liabilities - cash) / sales
-- column: current_liability_days_of_cost      | current liabilities / cost of products sold x 365
-- column: operating_cost_to_short_liabilities | operating cost / short-term liabilities
-- column: operating_cost_to_liabilities       | operating cost / total liabilities
-- column: income_to_assets                    | total income / total assets
-- column: quick_assets_to_long_liabilities    | (current assets - inventory) / long-term liabilities
-- column: constant_capital_to_assets          | (equity + long-term liabilities) / total assets
-- column: cash_ratio                          | (current assets - inventory - receivables) / short-term liabilities
-- column: receivable_and_inventory_days       | (receivables + inventory) / sales x 365
-- column: receivable_days                     | receivables / sales x 365
-- column: quick_ratio                         | (current assets - inventory) / short-term liabilities
-- column: inventory_days_of_cost              | inventory / cost of products sold x 365
-- column: current_assets_to_liabilities       | current assets / total liabilities
-- column: short_liabilities_to_assets         | short-term liabilities / total assets
-- column: short_liabilities_to_cost           | short-term liabilities / cost of products sold
-- column: equity_to_fixed_assets              | equity / fixed assets
-- column: constant_capital_to_fixed_assets    | (equity + long-term liabilities) / fixed assets
-- column: working_capital_amount              | current assets - short-term liabilities, money
-- column: quick_surplus_to_cash_cost          | quick surplus / (sales - gross profit - depreciation)
-- column: long_liabilities_to_equity          | long-term liabilities / equity
-- column: sales_to_inventory                  | sales / inventory
-- column: sales_to_receivables                | sales / receivables
-- column: short_liability_days_of_sales       | short-term liabilities / sales x 365
-- column: sales_to_short_liabilities          | sales / short-term liabilities
-- column: sales_to_fixed_assets               | sales / fixed assets
-- check:  not_null client_id, ends_on, version, counted_on

-- A ratio whose parts are not all known, or whose divisor is 0, is null.
select
    client_id,
    ends_on,
    version,
    counted_on,
    liabilities / assets as liabilities_to_assets,
    working_capital / assets as working_capital_to_assets,
    current_assets / short_liabilities as current_ratio,
    365 * (cash + securities + receivables - short_liabilities)
    / nullif(operating_cost - depreciation, 0) as defensive_days,
    retained_earnings_amount / assets as retained_earnings_to_assets,
    equity / liabilities as equity_to_liabilities,
    sales / assets as sales_to_assets,
    equity / assets as equity_to_assets,
    assets / liabilities as assets_to_liabilities,
    365 * inventory / sales as inventory_days,
    (equity - share_capital_amount) / assets as added_equity_to_assets,
    working_capital / fixed_assets as working_capital_to_fixed_assets,
    log10(assets) as log_assets,
    (liabilities - cash) / sales as net_liabilities_to_sales,
    365 * short_liabilities / products_cost as current_liability_days_of_cost,
    operating_cost / short_liabilities as operating_cost_to_short_liabilities,
    operating_cost / liabilities as operating_cost_to_liabilities,
    income / assets as income_to_assets,
    quick_assets / nullif(long_liabilities, 0) as quick_assets_to_long_liabilities,
    (equity + long_liabilities) / assets as constant_capital_to_assets,
    (quick_assets - receivables) / short_liabilities as cash_ratio,
    365 * (receivables + inventory) / sales as receivable_and_inventory_days,
    365 * receivables / sales as receivable_days,
    quick_assets / short_liabilities as quick_ratio,
    365 * inventory / products_cost as inventory_days_of_cost,
    current_assets / liabilities as current_assets_to_liabilities,
    short_liabilities / assets as short_liabilities_to_assets,
    short_liabilities / products_cost as short_liabilities_to_cost,
    equity / fixed_assets as equity_to_fixed_assets,
    (equity + long_liabilities) / fixed_assets as constant_capital_to_fixed_assets,
    working_capital as working_capital_amount,
    (quick_assets - short_liabilities) / nullif(sales - gross_profit - depreciation, 0) as quick_surplus_to_cash_cost,
    long_liabilities / nullif(equity, 0) as long_liabilities_to_equity,
    sales / nullif(inventory, 0) as sales_to_inventory,
    sales / nullif(receivables, 0) as sales_to_receivables,
    365 * short_liabilities / sales as short_liability_days_of_sales,
    sales / short_liabilities as sales_to_short_liabilities,
    sales / fixed_assets as sales_to_fixed_assets
from marts.statement_figures
order by client_id, ends_on, version
