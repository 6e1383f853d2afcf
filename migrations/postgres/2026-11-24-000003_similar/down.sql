DROP TABLE case_terms;
