DROP TABLE external_attempts;
DROP TABLE external_identities;
