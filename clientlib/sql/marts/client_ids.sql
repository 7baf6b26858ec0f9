-- One row per client that is another client's further entry: under which client its business is counted.
-- grain:  source_client_id
-- readers: client_id
-- column: source_client_id | key of staging.clients, as the source has it; clients that stay as they are, are left out
-- column: client_id        | the client that it is: the key in every mart
-- column: reason           | evidence in words
-- column: probability      | that the two are one company, when the pair was found, 0..1
-- column: decided_by       | who decided it; null where the evidence did
-- column: decided_on       | day of the decision, as it was written
-- check:  not_null source_client_id, client_id, reason, probability
-- check:  between probability 0 1

select
    source_client_id,
    client_id,
    reason,
    probability,
    decided_by,
    decided_on
from raw.client_merges
order by source_client_id
