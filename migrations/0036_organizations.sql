-- Organizations are kept by hand: who may change them, and which customers belong to one.
ALTER TABLE organization
    ADD COLUMN notes   text NOT NULL DEFAULT '',
    ADD COLUMN version integer NOT NULL DEFAULT 1;
CREATE INDEX customer_organization ON customer (organization_id, id) WHERE organization_id IS NOT NULL;

-- Senior, Supervisor, Admin.
UPDATE role
SET grants = grants || '[{"permission": "organization.edit", "reach": "all"}]', version = version + 1
WHERE id IN (3, 4, 6);
