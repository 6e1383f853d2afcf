DROP TABLE service_secrets;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
DROP TABLE links;
DROP TABLE devices;
DROP TABLE throttles;
