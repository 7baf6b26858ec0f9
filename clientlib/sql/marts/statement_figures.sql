-- One row per version of a client's yearly statement: its figures as numbers, with those of the years before it.
-- kind:   view
-- grain:  client_id, ends_on, version
-- as_of:  counted_on
-- readers: remade
-- column: client_id                | key of staging.clients
-- column: ends_on                  | last day of the financial year
-- column: version                  | which version of the statement says so, from 1
-- column: counted_on               | day from which it counts: it had been published and we knew of it
-- column: known_until              | day on which the version was replaced; null while it holds
-- column: sales                    | net sales; null for 0, by which ratios divide, as are those marked so
-- column: sales_before             | those of the year before, as known on counted_on
-- column: income                   | sales and all other income
-- column: total_cost               | all costs
-- column: products_cost            | cost of products sold; null for 0
-- column: operating_cost           | operating expenses, depreciation among them
-- column: depreciation             | depreciation and amortisation
-- column: sales_profit             | profit on sales
-- column: operating_profit         | profit on operating activities
-- column: financial_cost           | financial expenses, interest among them
-- column: interest_cost            | interest paid
-- column: extraordinary_amount     | extraordinary items
-- column: gross_profit             | profit before tax
-- column: gross_profit_3y          | that of three years, as known on counted_on; null unless all are
-- column: net_profit_amount        | profit after tax
-- column: assets                   | balance sheet total; null for 0
-- column: fixed_assets             | fixed assets; null for 0
-- column: current_assets           | current assets
-- column: quick_assets             | current assets less inventory
-- column: working_capital          | current assets less short-term liabilities
-- column: inventory                | stocks
-- column: receivables              | what is owed to the client
-- column: securities               | short-term securities
-- column: cash                     | cash
-- column: equity                   | own capital
-- column: share_capital_amount     | of that: paid in by the owners
-- column: retained_earnings_amount | of that: profits kept in the company
-- column: liabilities              | all liabilities; null for 0
-- column: long_liabilities         | of those: due after more than a year
-- column: short_liabilities        | of those: due within a year; null for 0
-- check:  not_null client_id, ends_on, version, counted_on

with versions as (
    select
        told.* replace (coalesce(ids.client_id, told.client_id) as client_id),
        greatest(told.ends_on, told.published_on, told.known_on) as counted_on
    from raw.client_financials as told
    left join marts.client_ids as ids on told.client_id = ids.source_client_id
    qualify
        row_number() over (
            partition by coalesce(ids.client_id, told.client_id), told.ends_on, told.version
            order by told.client_id
        ) = 1
),

earlier as (
    -- Of the years before, the version that held on the day from which this one counts.
    select
        versions.client_id,
        versions.ends_on,
        versions.version,
        max(before.sales_amount) filter (where date_diff('year', before.ends_on, versions.ends_on) = 1) as sales_before,
        sum(before.gross_profit_amount) as profits_before,
        count(before.gross_profit_amount) as years_before
    from versions
    inner join versions as before
        on
            versions.client_id = before.client_id
            and versions.counted_on >= before.counted_on
            and coalesce(versions.counted_on < before.known_until, true)
            and date_diff('year', before.ends_on, versions.ends_on) between 1 and 2
    group by versions.client_id, versions.ends_on, versions.version
)

select
    versions.client_id,
    versions.ends_on,
    versions.version,
    versions.counted_on,
    versions.known_until,
    cast(nullif(versions.sales_amount, 0) as double) as sales,
    cast(nullif(earlier.sales_before, 0) as double) as sales_before,
    cast(versions.total_income_amount as double) as income,
    cast(versions.total_cost as double) as total_cost,
    cast(nullif(versions.products_cost, 0) as double) as products_cost,
    cast(versions.operating_cost as double) as operating_cost,
    cast(versions.depreciation_cost as double) as depreciation,
    cast(versions.sales_profit_amount as double) as sales_profit,
    cast(versions.operating_profit_amount as double) as operating_profit,
    cast(versions.financial_cost as double) as financial_cost,
    cast(versions.interest_cost as double) as interest_cost,
    cast(versions.extraordinary_amount as double) as extraordinary_amount,
    cast(versions.gross_profit_amount as double) as gross_profit,
    case
        when earlier.years_before = 2
            then cast(earlier.profits_before + versions.gross_profit_amount as double)
    end as gross_profit_3y,
    cast(versions.net_profit_amount as double) as net_profit_amount,
    cast(nullif(versions.total_assets_amount, 0) as double) as assets,
    cast(nullif(versions.fixed_assets_amount, 0) as double) as fixed_assets,
    cast(versions.current_assets_amount as double) as current_assets,
    cast(versions.current_assets_amount - versions.inventory_amount as double) as quick_assets,
    cast(versions.current_assets_amount - versions.short_liabilities_amount as double) as working_capital,
    cast(versions.inventory_amount as double) as inventory,
    cast(versions.receivables_amount as double) as receivables,
    cast(versions.securities_amount as double) as securities,
    cast(versions.cash_amount as double) as cash,
    cast(versions.equity_amount as double) as equity,
    cast(versions.share_capital_amount as double) as share_capital_amount,
    cast(versions.retained_earnings_amount as double) as retained_earnings_amount,
    cast(nullif(versions.total_liabilities_amount, 0) as double) as liabilities,
    cast(versions.long_liabilities_amount as double) as long_liabilities,
    cast(nullif(versions.short_liabilities_amount, 0) as double) as short_liabilities
from versions
left join earlier
    on
        versions.client_id = earlier.client_id
        and versions.ends_on = earlier.ends_on
        and versions.version = earlier.version
