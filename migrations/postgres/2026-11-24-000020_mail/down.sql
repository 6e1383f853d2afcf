DROP INDEX memberships_of_deputy;
DROP INDEX memberships_of_department;
DROP TABLE leases;
DROP TABLE mails;
DROP TABLE mail_addresses;
