//! What the office knows and decides: the procedure, the deadlines, the figures.
//!
//! Pure: names no database, no HTTP, no clock, no random source; time, ids and rules come in as arguments.
