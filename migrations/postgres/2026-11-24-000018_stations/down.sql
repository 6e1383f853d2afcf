DROP TABLE recommendations;
DROP TABLE opinion_receipts;
DROP TABLE opinion_terms;
DROP TABLE opinions;
DROP TABLE matter_events;
DROP TABLE receptions;
DROP TABLE stations;
