-- Two more roles: support and auditor. A check cannot be changed in place on both engines, so the column is made anew.
ALTER TABLE account RENAME COLUMN role TO old_role;
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'support', 'admin', 'auditor'));
UPDATE account SET role = old_role;
ALTER TABLE account DROP COLUMN old_role;
