-- grain: one finding of a check before it is named (named_findings); contract: whose values it speaks of
create or replace temp table raised (
    "check" varchar, severity varchar, marks varchar, contract varchar, value_ids bigint[], marked_ids bigint[],
    unit_ids integer[], said json
)
