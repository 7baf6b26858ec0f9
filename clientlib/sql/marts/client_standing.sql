-- One row per client and month end: its statement, grade, entries of registers and contract terms, where any is known.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id               | key of staging.clients; from the month in which any of it was known
-- column: month_end               | last day of the month; the row knows nothing that happened or became known later
-- column: statement_ends_on       | last day of the year of the latest statement known, a key of both tables of ratios
-- column: statement_version       | version of that statement
-- column: grade                   | latest grade of a credit bureau, A to E
-- column: graded_on               | day from which we knew it
-- column: open_arrears_count      | arrears of taxes that are not settled
-- column: open_arrears_amount     | their amount
-- column: arrears_24m_count       | arrears of taxes of the 24 months that end here
-- column: claims_24m_count        | court claims and enforcements of the 24 months that end here
-- column: insolvencies_count      | insolvency proceedings that are not over
-- column: late_statements_24m_count | statements filed late in the 24 months that end here
-- column: contract_id             | contract whose terms hold; null where none does
-- column: payment_days            | days to pay that were agreed
-- column: credit_limit_amount     | most that the client may owe
-- column: collateral_amount       | what stands behind it
-- check:  not_null open_arrears_count, arrears_24m_count, claims_24m_count, insolvencies_count
-- check:  between open_arrears_count 0 1000000

with first_months as (
    select
        client_id,
        min(last_day(month_end)) as first_month
    from marts.client_months
    group by client_id
),

monthly as (
    -- What was known before the first business with a client counts from its first row on.
    select
        changes.client_id,
        greatest(changes.month, first_months.first_month) as month,
        sum(changes.change_count) filter (where changes.measure = 'open_arrears') as open_arrears_count,
        sum(changes.change_amount) filter (where changes.measure = 'open_arrears') as open_arrears_amount,
        sum(changes.change_count) filter (where changes.measure = 'arrears_24m') as arrears_24m_count,
        sum(changes.change_count) filter (where changes.measure = 'claims_24m') as claims_24m_count,
        sum(changes.change_count) filter (where changes.measure = 'insolvencies') as insolvencies_count,
        sum(changes.change_count) filter (where changes.measure = 'late_statements_24m') as late_statements_24m_count
    from marts.client_register_changes as changes
    inner join first_months on changes.client_id = first_months.client_id
    group by changes.client_id, greatest(changes.month, first_months.first_month)
),

known as (
    select
        client_id,
        month as known_on
    from marts.client_register_changes
    union all
    select
        client_id,
        since as known_on
    from marts.client_statements
    union all
    select
        client_id,
        since as known_on
    from marts.client_grades
    union all
    select
        client_id,
        since as known_on
    from marts.client_terms
),

firsts as (
    select
        client_id,
        min(last_day(known_on)) as first_month
    from known
    group by client_id
),

running as (
    -- A client has rows from the first month in which any of it was known.
    select
        months.client_id,
        months.month_end,
        coalesce(sum(monthly.open_arrears_count) over to_date, 0) as open_arrears_count,
        coalesce(sum(monthly.open_arrears_amount) over to_date, 0) as open_arrears_amount,
        coalesce(sum(monthly.arrears_24m_count) over to_date, 0) as arrears_24m_count,
        coalesce(sum(monthly.claims_24m_count) over to_date, 0) as claims_24m_count,
        coalesce(sum(monthly.insolvencies_count) over to_date, 0) as insolvencies_count,
        coalesce(sum(monthly.late_statements_24m_count) over to_date, 0) as late_statements_24m_count
    from marts.client_months as months
    inner join firsts on months.client_id = firsts.client_id and last_day(months.month_end) >= firsts.first_month
    left join monthly on months.client_id = monthly.client_id and last_day(months.month_end) = monthly.month
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
)

select
    running.client_id,
    running.month_end,
    statements.ends_on as statement_ends_on,
    statements.version as statement_version,
    grades.grade,
    case when grades.grade is not null then grades.since end as graded_on,
    cast(running.open_arrears_count as bigint) as open_arrears_count,
    cast(running.open_arrears_amount as decimal(18, 4)) as open_arrears_amount,
    cast(running.arrears_24m_count as bigint) as arrears_24m_count,
    cast(running.claims_24m_count as bigint) as claims_24m_count,
    cast(running.insolvencies_count as bigint) as insolvencies_count,
    cast(running.late_statements_24m_count as bigint) as late_statements_24m_count,
    terms.contract_id,
    terms.payment_days,
    terms.credit_limit_amount,
    terms.collateral_amount
from running
asof left join marts.client_statements as statements
    on running.client_id = statements.client_id and running.month_end >= statements.since
asof left join marts.client_grades as grades
    on running.client_id = grades.client_id and running.month_end >= grades.since
asof left join marts.client_terms as terms
    on running.client_id = terms.client_id and running.month_end >= terms.since
order by running.client_id, running.month_end
