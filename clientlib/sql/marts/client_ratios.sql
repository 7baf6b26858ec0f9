-- One row per version of a client's yearly statement: the 64 ratios of the Polish bankruptcy study (UCI data set 365).
-- grain:  client_id, ends_on, version
-- as_of:  counted_on
-- readers: client_id
-- column: client_id                             | key of staging.clients
-- column: ends_on                               | last day of the financial year
-- column: version                               | which version of the statement says so, from 1
-- column: counted_on                            | day from which it counts: it had been published and we knew of it
-- column: net_profit_to_assets                  | net profit / total assets
-- column: liabilities_to_assets                 | total liabilities / total assets
-- column: working_capital_to_assets             | working capital / total assets
-- column: current_ratio                         | current assets / short-term liabilities
-- column: defensive_days                        | cash and claims less short-term liabilities, in days of cash cost
-- column: retained_earnings_to_assets           | retained earnings / total assets
-- column: ebit_to_assets                        | profit before interest and tax / total assets
-- column: equity_to_liabilities                 | equity / total liabilities
-- column: sales_to_assets                       | sales / total assets
-- column: equity_to_assets                      | equity / total assets
-- column: profit_before_financing_to_assets     | (gross profit + extraordinary items + financial cost) / total assets
-- column: gross_profit_to_short_liabilities     | gross profit / short-term liabilities
-- column: cash_profit_to_sales                  | (gross profit + depreciation) / sales
-- column: profit_before_interest_to_assets      | (gross profit + interest) / total assets
-- column: liability_days_of_cash_profit         | total liabilities / (gross profit + depreciation) x 365
-- column: cash_profit_to_liabilities            | (gross profit + depreciation) / total liabilities
-- column: assets_to_liabilities                 | total assets / total liabilities
-- column: gross_profit_to_assets                | gross profit / total assets
-- column: gross_profit_to_sales                 | gross profit / sales
-- column: inventory_days                        | inventory / sales x 365
-- column: sales_growth                          | sales / sales of the year before
-- column: operating_profit_to_assets            | operating profit / total assets
-- column: net_profit_to_sales                   | net profit / sales
-- column: gross_profit_3y_to_assets             | gross profit of three years / total assets
-- column: added_equity_to_assets                | (equity - share capital) / total assets
-- column: net_cash_profit_to_liabilities        | (net profit + depreciation) / total liabilities
-- column: operating_profit_to_financial_cost    | operating profit / financial cost
-- column: working_capital_to_fixed_assets       | working capital / fixed assets
-- column: log_assets                            | logarithm of total assets, base 10
-- column: net_liabilities_to_sales              | (total liabilities - cash) / sales
-- column: profit_before_interest_to_sales       | (gross profit + interest) / sales
-- column: current_liability_days_of_cost        | current liabilities / cost of products sold x 365
-- column: operating_cost_to_short_liabilities   | operating cost / short-term liabilities
-- column: operating_cost_to_liabilities         | operating cost / total liabilities
-- column: sales_profit_to_assets                | profit on sales / total assets
-- column: income_to_assets                      | total income / total assets
-- column: quick_assets_to_long_liabilities      | (current assets - inventory) / long-term liabilities
-- column: constant_capital_to_assets            | (equity + long-term liabilities) / total assets
-- column: sales_profit_to_sales                 | profit on sales / sales
-- column: cash_ratio                            | (current assets - inventory - receivables) / short-term liabilities
-- column: liability_months_of_operating_cash    | total liabilities / ((operating profit + depreciation) x 12 / 365)
-- column: operating_profit_to_sales             | operating profit / sales
-- column: receivable_and_inventory_days         | (receivables + inventory) / sales x 365
-- column: receivable_days                       | receivables / sales x 365
-- column: net_profit_to_inventory               | net profit / inventory
-- column: quick_ratio                           | (current assets - inventory) / short-term liabilities
-- column: inventory_days_of_cost                | inventory / cost of products sold x 365
-- column: operating_less_depreciation_to_assets | (operating profit - depreciation) / total assets
-- column: operating_less_depreciation_to_sales  | (operating profit - depreciation) / sales
-- column: current_assets_to_liabilities         | current assets / total liabilities
-- column: short_liabilities_to_assets           | short-term liabilities / total assets
-- column: short_liabilities_to_cost             | short-term liabilities / cost of products sold
-- column: equity_to_fixed_assets                | equity / fixed assets
-- column: constant_capital_to_fixed_assets      | (equity + long-term liabilities) / fixed assets
-- column: working_capital_amount                | current assets - short-term liabilities, money
-- column: product_margin                        | (sales - cost of products sold) / sales
-- column: quick_surplus_to_cash_cost            | quick surplus / (sales - gross profit - depreciation)
-- column: cost_to_income                        | total cost / total income
-- column: long_liabilities_to_equity            | long-term liabilities / equity
-- column: sales_to_inventory                    | sales / inventory
-- column: sales_to_receivables                  | sales / receivables
-- column: short_liability_days_of_sales         | short-term liabilities / sales x 365
-- column: sales_to_short_liabilities            | sales / short-term liabilities
-- column: sales_to_fixed_assets                 | sales / fixed assets
-- check:  not_null client_id, ends_on, version, counted_on

-- A ratio whose parts are not all known, or whose divisor is 0, is null.
select
    client_id,
    ends_on,
    version,
    counted_on,
    net_profit_amount / assets as net_profit_to_assets,
    liabilities / assets as liabilities_to_assets,
    working_capital / assets as working_capital_to_assets,
    current_assets / short_liabilities as current_ratio,
    365 * (cash + securities + receivables - short_liabilities)
    / nullif(operating_cost - depreciation, 0) as defensive_days,
    retained_earnings_amount / assets as retained_earnings_to_assets,
    ebit / assets as ebit_to_assets,
    equity / liabilities as equity_to_liabilities,
    sales / assets as sales_to_assets,
    equity / assets as equity_to_assets,
    (gross_profit + extraordinary_amount + financial_cost) / assets as profit_before_financing_to_assets,
    gross_profit / short_liabilities as gross_profit_to_short_liabilities,
    cash_profit / sales as cash_profit_to_sales,
    (gross_profit + interest_cost) / assets as profit_before_interest_to_assets,
    365 * liabilities / nullif(cash_profit, 0) as liability_days_of_cash_profit,
    cash_profit / liabilities as cash_profit_to_liabilities,
    assets / liabilities as assets_to_liabilities,
    gross_profit / assets as gross_profit_to_assets,
    gross_profit / sales as gross_profit_to_sales,
    365 * inventory / sales as inventory_days,
    sales / sales_before as sales_growth,
    operating_profit / assets as operating_profit_to_assets,
    net_profit_amount / sales as net_profit_to_sales,
    gross_profit_3y / assets as gross_profit_3y_to_assets,
    (equity - share_capital_amount) / assets as added_equity_to_assets,
    (net_profit_amount + depreciation) / liabilities as net_cash_profit_to_liabilities,
    operating_profit / nullif(financial_cost, 0) as operating_profit_to_financial_cost,
    working_capital / fixed_assets as working_capital_to_fixed_assets,
    log10(assets) as log_assets,
    (liabilities - cash) / sales as net_liabilities_to_sales,
    (gross_profit + interest_cost) / sales as profit_before_interest_to_sales,
    365 * short_liabilities / products_cost as current_liability_days_of_cost,
    operating_cost / short_liabilities as operating_cost_to_short_liabilities,
    operating_cost / liabilities as operating_cost_to_liabilities,
    sales_profit / assets as sales_profit_to_assets,
    income / assets as income_to_assets,
    quick_assets / nullif(long_liabilities, 0) as quick_assets_to_long_liabilities,
    (equity + long_liabilities) / assets as constant_capital_to_assets,
    sales_profit / sales as sales_profit_to_sales,
    (quick_assets - receivables) / short_liabilities as cash_ratio,
    liabilities / nullif((operating_profit + depreciation) * 12 / 365, 0) as liability_months_of_operating_cash,
    operating_profit / sales as operating_profit_to_sales,
    365 * (receivables + inventory) / sales as receivable_and_inventory_days,
    365 * receivables / sales as receivable_days,
    net_profit_amount / inventory_or_null as net_profit_to_inventory,
    quick_assets / short_liabilities as quick_ratio,
    365 * inventory / products_cost as inventory_days_of_cost,
    (operating_profit - depreciation) / assets as operating_less_depreciation_to_assets,
    (operating_profit - depreciation) / sales as operating_less_depreciation_to_sales,
    current_assets / liabilities as current_assets_to_liabilities,
    short_liabilities / assets as short_liabilities_to_assets,
    short_liabilities / products_cost as short_liabilities_to_cost,
    equity / fixed_assets as equity_to_fixed_assets,
    (equity + long_liabilities) / fixed_assets as constant_capital_to_fixed_assets,
    working_capital as working_capital_amount,
    (sales - products_cost) / sales as product_margin,
    (quick_assets - short_liabilities) / nullif(sales - gross_profit - depreciation, 0) as quick_surplus_to_cash_cost,
    total_cost / nullif(income, 0) as cost_to_income,
    long_liabilities / nullif(equity, 0) as long_liabilities_to_equity,
    sales / inventory_or_null as sales_to_inventory,
    sales / nullif(receivables, 0) as sales_to_receivables,
    365 * short_liabilities / sales as short_liability_days_of_sales,
    sales / short_liabilities as sales_to_short_liabilities,
    sales / fixed_assets as sales_to_fixed_assets
from marts.statement_figures
order by client_id, ends_on, version
