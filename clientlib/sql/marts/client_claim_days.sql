-- One row per client and day on which what we had claimed of it changed: invoices issued, judged, overdue, disputed.
-- grain:  client_id, counted_on
-- as_of:  counted_on
-- readers: client_id
-- column: client_id         | key of staging.clients
-- column: counted_on        | day from which this was known
-- column: issued_count      | invoices of the client until then
-- column: issued_amount     | their amount
-- column: judged_count      | of those: fallen due
-- column: late_count        | of the judged: not known to be paid in full the day after
-- column: overdue_count     | of those: still not paid in full
-- column: overdue_amount    | their amount
-- column: recent_late_share | part of the judged that were late; what fell due a quarter earlier counts half
-- column: disputed_count    | invoices that the client had disputed
-- check:  not_null client_id, counted_on, issued_count, judged_count, late_count, overdue_count, disputed_count

with disputes as (
    select
        coalesce(ids.client_id, versions.client_id) as client_id,
        greatest(
            versions.disputed_on, versions.issued_on, if(signs.sign = 1, versions.known_on, versions.known_until)
        ) as counted_on,
        signs.sign
    from raw.invoices as versions
    left join marts.client_ids as ids on versions.client_id = ids.source_client_id
    inner join (values (1), (-1)) as signs (sign) on signs.sign = 1 or versions.known_until is not null
    where versions.disputed_on is not null and versions.amount > 0
),

changes as (
    select
        client_id,
        counted_on,
        amount,
        power(2, 4 * date_diff('day', date '2000-01-01', due_on) / 365) as weight,
        issued_count,
        judged_count,
        late_count,
        overdue_count,
        0 as disputed_count
    from marts.invoice_facts
    where issued_count <> 0 or judged_count <> 0 or late_count <> 0 or overdue_count <> 0
    union all
    select
        client_id,
        counted_on,
        0 as amount,
        0 as weight,
        0 as issued_count,
        0 as judged_count,
        0 as late_count,
        0 as overdue_count,
        sign as disputed_count
    from disputes
)

select
    client_id,
    counted_on,
    sum(cast(sum(issued_count) as int)) over so_far as issued_count,
    sum(cast(sum(amount * issued_count) as decimal(18, 4))) over so_far as issued_amount,
    sum(cast(sum(judged_count) as int)) over so_far as judged_count,
    sum(cast(sum(late_count) as int)) over so_far as late_count,
    sum(cast(sum(overdue_count) as int)) over so_far as overdue_count,
    sum(cast(sum(amount * overdue_count) as decimal(18, 4))) over so_far as overdue_amount,
    round(
        sum(sum(weight * late_count)) over so_far / nullif(sum(sum(weight * judged_count)) over so_far, 0), 6
    ) as recent_late_share,
    sum(cast(sum(disputed_count) as int)) over so_far as disputed_count
from changes
group by client_id, counted_on
window so_far as (partition by client_id order by counted_on)
order by client_id, counted_on
