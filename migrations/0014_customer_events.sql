-- What is told of a customer's change is who changed, and no longer the whole record: it went to everybody, and it would
-- have outlived the customer's erasure.
UPDATE event SET data = json_build_object('customer_id', data #> '{customer,id}', 'version', data #> '{customer,version}',
                                          'fields', '[]'::json)
WHERE type = 'customer.changed' AND data -> 'customer' IS NOT NULL;
