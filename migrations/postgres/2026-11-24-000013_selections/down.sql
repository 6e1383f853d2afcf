DROP TABLE selection_results;
DROP TABLE selection_ballots;
DROP TABLE selection_voters;
DROP TABLE selection_nominations;
DROP TABLE selections;
