-- What Spark has and DuckDB calls by another name, for the marts in marts/heavy/.

-- microseconds since 1970 of a moment: their one arithmetic with time
create macro unix_micros(t) as epoch_us(t);
