-- One row per client and day on which what we knew of its paid invoices changed: totals, and the last ones.
-- grain:  client_id, known_on
-- as_of:  known_on
-- readers: client_id
-- column: client_id          | key of staging.clients
-- column: known_on           | day from which this was known
-- column: settled_count      | invoices paid in full
-- column: settled_late_count | of those: paid after the due day
-- column: late_14_count      | of those: paid more than 14 days after it
-- column: late_30_count      | of those: paid more than 30 days after it
-- column: late_days_total    | days from due day to last payment of the late ones
-- column: early_days_total   | days from last payment to due day of those paid earlier
-- column: days_squares_total | the same days, late or early, squared
-- column: settled_amount     | amount of the invoices paid in full
-- column: recent_days_late   | mean days from due day to last payment; what was paid half a year earlier counts half
-- column: last_days_late     | days late (early: below 0) of the invoice that we last heard to be paid, as we heard it
-- column: last_3_days_late   | mean of the last three, or as many as there were
-- column: last_known_on      | day on which we heard of the last one
-- check:  not_null client_id, known_on, settled_count, settled_late_count, late_days_total, last_known_on

with news as (
    -- Paid invoices in the order in which we heard of them. What is corrected later stays here as it was heard.
    select
        client_id,
        known_on,
        days_late,
        row_number() over in_turn as place,
        avg(days_late)
            over (
                partition by client_id
                order by known_on, settled_on, due_on, invoice_id
                rows between 2 preceding and current row
            ) as mean_of_3
    from marts.invoice_outcomes
    where is_news
    window in_turn as (partition by client_id order by known_on, settled_on, due_on, invoice_id)
),

last_news as (
    select
        client_id,
        known_on,
        arg_max(days_late, place) as last_days_late,
        arg_max(mean_of_3, place) as last_3_days_late
    from news
    group by client_id, known_on
),

signed as (
    select
        client_id,
        known_on,
        1 as sign,
        days_late,
        amount,
        power(2, 2 * date_diff('day', date '2000-01-01', settled_on) / 365) as weight
    from marts.invoice_outcomes
    union all
    select
        client_id,
        known_until as known_on,
        -1 as sign,
        days_late,
        amount,
        power(2, 2 * date_diff('day', date '2000-01-01', settled_on) / 365) as weight
    from marts.invoice_outcomes
    where known_until is not null
),

daily as (
    select
        client_id,
        known_on,
        cast(sum(sign) as int) as settled_count,
        cast(sum(if(days_late > 0, sign, 0)) as int) as settled_late_count,
        cast(sum(if(days_late > 14, sign, 0)) as int) as late_14_count,
        cast(sum(if(days_late > 30, sign, 0)) as int) as late_30_count,
        cast(sum(sign * greatest(days_late, 0)) as bigint) as late_days_total,
        cast(sum(sign * greatest(-days_late, 0)) as bigint) as early_days_total,
        cast(sum(sign * days_late * days_late) as bigint) as days_squares_total,
        cast(sum(sign * amount) as decimal(18, 4)) as settled_amount,
        sum(sign * weight) as weight,
        sum(sign * weight * days_late) as weighted_days
    from signed
    group by client_id, known_on
)

select
    daily.client_id,
    daily.known_on,
    sum(daily.settled_count) over so_far as settled_count,
    sum(daily.settled_late_count) over so_far as settled_late_count,
    sum(daily.late_14_count) over so_far as late_14_count,
    sum(daily.late_30_count) over so_far as late_30_count,
    sum(daily.late_days_total) over so_far as late_days_total,
    sum(daily.early_days_total) over so_far as early_days_total,
    sum(daily.days_squares_total) over so_far as days_squares_total,
    sum(daily.settled_amount) over so_far as settled_amount,
    round(sum(daily.weighted_days) over so_far / nullif(sum(daily.weight) over so_far, 0), 6) as recent_days_late,
    last_value(last_news.last_days_late ignore nulls) over so_far as last_days_late,
    last_value(last_news.last_3_days_late ignore nulls) over so_far as last_3_days_late,
    last_value(last_news.known_on ignore nulls) over so_far as last_known_on
from daily
left join last_news on daily.client_id = last_news.client_id and daily.known_on = last_news.known_on
window so_far as (partition by daily.client_id order by daily.known_on)
order by daily.client_id, daily.known_on
