-- One row per promise of one side to the other: who owes what to whom by when.
-- grain:    obligation_id
-- happened: agreed_on
-- readers:  client_id
-- column:   obligation_id text    | key of the obligation
-- column:   contract_id   text?   | contract that it comes from; key of staging.contracts
-- column:   client_id     text?   | client who owes it, or to whom it is owed; key of staging.clients
-- column:   order_id      text?   | order that it belongs to; key of staging.orders
-- column:   owed_by       text    | us, client or partner
-- column:   owed_to       text    | us, client or partner
-- column:   party         text?   | name of the partner, where one is in it
-- column:   unit          text?   | unit of ours that answers for it
-- column:   kind          text?   | what is owed
-- column:   amount        money?  | worth of it, where it has one
-- column:   agreed_on     date    | day on which it was agreed
-- column:   due_on        date    | last day to do it in time
-- column:   done_on       date?   | day on which it was done
-- check:    happened agreed_on
-- check:    planned due_on
-- check:    happened done_on
-- check:    not_after agreed_on due_on
-- check:    not_after agreed_on done_on
-- check:    one_of owed_by us, client, partner
-- check:    one_of owed_to us, client, partner
-- check:    differ owed_by owed_to
-- check:    between amount 0 1000000000000
-- check:    refers contract_id staging.contracts
-- check:    refers client_id staging.clients
-- check:    refers order_id staging.orders

select
    obligation_id,
    contract_id,
    client_id,
    order_id,
    owed_by,
    owed_to,
    party,
    unit,
    kind,
    amount,
    agreed_on,
    due_on,
    done_on,
    known_on,
    source
from raw.obligations
where known_until is null
