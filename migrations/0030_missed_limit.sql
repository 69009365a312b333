ALTER TABLE queue ADD missed_limit integer;
