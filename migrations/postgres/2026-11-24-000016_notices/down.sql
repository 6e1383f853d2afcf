DROP TABLE problem_items;
DROP TABLE problem_events;
DROP TABLE problem_lists;
DROP TABLE ladder_clocks;
DROP TABLE notices;
