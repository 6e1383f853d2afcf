DROP TABLE commitment_confirmations;
DROP TABLE commitment_statement_lines;
DROP TABLE commitment_statements;
DROP TABLE department_successions;
DROP TABLE promises;
