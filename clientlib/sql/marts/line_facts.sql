-- One row per change in what we believed of an order line: ordered, cancelled, or either taken back by a correction.
-- kind:   view
-- grain:  order_id, line_no, line_version, order_version, kind
-- readers: remade
-- column: order_id       | key of staging.orders
-- column: line_no        | line of the order
-- column: line_version   | which version of the line says so, from 1
-- column: order_version  | together with which version of its order, from 1
-- column: client_id      | key of staging.clients; null for sales without an account
-- column: product_id     | key of staging.products
-- column: kind           | ordered, credited or cancelled, with 'taken back' where a later version replaced this one
-- column: is_credit      | true where the order is a credit note, whatever became of it
-- column: ordered_on     | day of the order
-- column: counted_on     | day from which the fact counts: it had happened and we knew of it
-- column: taken_back_of  | day from which the fact counted that is taken back; null for any other
-- column: lines_count    | 1, or -1 where it takes a line away
-- column: quantity       | units, with the sign of the fact
-- column: revenue_amount | quantity at the unit price less discount, without VAT
-- column: cost_amount    | quantity at our unit cost; null where the cost is not known
-- check:  not_null order_id, line_no, line_version, order_version
-- check:  not_null product_id, kind, is_credit, ordered_on, counted_on, lines_count, quantity, revenue_amount

with replaced as not materialized (
    -- Few, and found by what each table says of itself, so that not all lines need to be joined once more.
    select
        line_versions.* exclude (line_known_until, order_known_until),
        least(line_known_until, order_known_until) as known_until
    from marts.line_versions
    where line_known_until is not null
    union all
    select
        line_versions.* exclude (line_known_until, order_known_until),
        order_known_until as known_until
    from marts.line_versions
    where line_known_until is null and order_known_until is not null
),

facts as not materialized (
    select
        line_versions.* exclude (line_known_until, order_known_until, cancelled_on),
        line_versions.kind = 'credited' as is_credit,
        cast(null as date) as taken_back_of,
        1 as sign
    from marts.line_versions
    union all
    select
        line_versions.* exclude (line_known_until, order_known_until, cancelled_on)
        replace (greatest(cancelled_on, counted_on) as counted_on, 'cancelled' as kind),
        line_versions.kind = 'credited' as is_credit,
        cast(null as date) as taken_back_of,
        -1 as sign
    from marts.line_versions
    where cancelled_on is not null
    union all
    select
        replaced.* exclude (known_until, cancelled_on)
        replace (greatest(ordered_on, known_until) as counted_on, kind || ', taken back' as kind),
        replaced.kind = 'credited' as is_credit,
        counted_on as taken_back_of,
        -1 as sign
    from replaced
    union all
    select
        replaced.* exclude (known_until, cancelled_on)
        replace (greatest(cancelled_on, known_until) as counted_on, 'cancelled, taken back' as kind),
        replaced.kind = 'credited' as is_credit,
        greatest(cancelled_on, counted_on) as taken_back_of,
        1 as sign
    from replaced
    where cancelled_on is not null
)

select
    order_id,
    line_no,
    line_version,
    order_version,
    client_id,
    product_id,
    kind,
    is_credit,
    ordered_on,
    counted_on,
    taken_back_of,
    sign as lines_count,
    cast(sign * quantity as decimal(18, 4)) as quantity,
    cast(sign * revenue_amount as decimal(18, 4)) as revenue_amount,
    cast(sign * cost_amount as decimal(18, 4)) as cost_amount
from facts
