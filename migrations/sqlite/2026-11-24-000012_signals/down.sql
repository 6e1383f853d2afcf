DROP TABLE reply_marks;
DROP TABLE signals;
