DROP TABLE calendar_addresses;
DROP TABLE task_dates;
DROP TABLE tasks;
