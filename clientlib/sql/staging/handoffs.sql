-- One row per time that one unit of ours passed goods or papers of an order to another.
-- grain:    handoff_id
-- happened: handed_on
-- readers:  order_id staging.orders
-- column:   handoff_id  text    | key of the handoff
-- column:   order_id    text?   | order that it belongs to; key of staging.orders
-- column:   kind        text?   | goods or papers
-- column:   from_unit   text    | unit that passed it on
-- column:   to_unit     text    | unit that received it
-- column:   promised_on date?   | day by which it was to be passed on
-- column:   handed_on   date    | day on which it was passed on
-- column:   taken_on    date?   | day on which the receiver took it up; null while it waits
-- column:   has_defect  flag?   | whether something was wrong with it
-- check:    planned promised_on
-- check:    happened handed_on
-- check:    happened taken_on
-- check:    not_after handed_on taken_on
-- check:    differ from_unit to_unit
-- check:    refers order_id staging.orders

select
    handoff_id,
    order_id,
    kind,
    from_unit,
    to_unit,
    promised_on,
    handed_on,
    taken_on,
    has_defect,
    known_on,
    source
from raw.handoffs
where known_until is null
