-- One row per contact that is another contact's further entry: under which contact the person stands.
-- grain:  source_contact_id
-- readers: contact_id staging.contacts
-- column: source_contact_id | key of the contact as the source has it; contacts that stay as they are, are left out
-- column: contact_id        | the contact that it is: the key in every mart
-- column: reason            | evidence in words
-- column: probability       | that the two are one person, by rule, 0..1
-- column: decided_by        | who decided it; null where the evidence did
-- column: decided_on        | day of the decision, as it was written
-- check:  not_null source_contact_id, contact_id, reason, probability
-- check:  between probability 0 1

select
    source_contact_id,
    contact_id,
    reason,
    probability,
    decided_by,
    decided_on
from raw.contact_merges
order by source_contact_id
