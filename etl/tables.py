"""The contract tables: the values of the lake whose references hold and whose key is theirs alone."""

from etl.ledger import parquet

NEAR = 0.85  # Jaro-Winkler similarity from which a known name is suggested for an unknown one


def contract_table(con, contract, folders):
    """The table of a contract: all values of the lake whose references hold and whose key is theirs alone."""
    columns = ", ".join(f"v.{c.name}" for c in contract.columns if c.name != "published_at")
    if not folders:
        typed = ", ".join(
            f"null::{c.type} as {c.name}" for c in contract.columns if c.name != "published_at"
        )
        con.execute(
            f"create table {contract.name} as select null::bigint as value_id, {typed}, null::date as published_at, "
            "null::varchar as published_at_basis, null::date as received_at, null::integer as unit_id, "
            "null::bigint[] as source_rows, null::varchar as source_column limit 0"
        )
        return
    con.execute(f"""
        create or replace temp table staged as
        select
            row_number() over (order by u.unit_id, v._rows[1], v._col) as value_id,
            {columns},
            coalesce(v.published_at, u.published_at) as published_at,
            coalesce(v.published_at_basis, u.published_at_basis) as published_at_basis,
            u.received_at,
            u.unit_id,
            v._rows as source_rows,
            v._col as source_column,
            null::varchar as _column,
            null::varchar as _rule,
            null::varchar as _text,
            '{{}}' as _params
        from {parquet(folders, "values")} as v join units as u using (lake_key)
    """)
    for reference in contract.references:
        if con.sql(f"select count(*) from {reference.table}").fetchall()[0][0]:
            _resolve(con, reference)
    _keys(con, contract)


def _resolve(con, reference):
    """Rejects staged values that the reference table does not list; the others get its identifier."""
    column, table, identifier = reference.column, reference.table, reference.match[0]
    texts = " union all ".join(
        f"select {identifier}::varchar as id, {m}::varchar as text from {table}"
        for m in reference.match
    )
    con.execute(f"""
        create or replace temp table matched as
        with listed as (select text, min(id) as id, count(distinct id) as ids from ({texts}) group by text)
        select used.value, listed.id, listed.ids, (
            select arg_max(id, jaro_winkler_similarity(lower(text), lower(used.value)))
            from listed as l
            where jaro_winkler_similarity(lower(text), lower(used.value)) >= {NEAR}
                and regexp_matches(used.value, '[A-Za-z]{{3}}')
        ) as near
        from (select distinct {column} as value from staged where {reference.when}) as used
        left join listed on listed.text = used.value
    """)
    con.execute(f"""
        update staged set
            _column = '{column}', _rule = if(m.ids is null, 'unknown_reference', 'ambiguous_reference'),
            _text = {column}, _params = to_json({{reference: '{table}', near: m.near}})::varchar
        from matched as m
        where m.value = {column} and {reference.when} and _rule is null and coalesce(m.ids, 0) <> 1
    """)
    if reference.name:
        con.execute(f"""
            update staged set
                _column = '{column}', _rule = 'name_differs', _text = {reference.name},
                _params = to_json({{code: {column}, expected: r.name}})::varchar
            from matched as m join {table} as r on r.{identifier} = m.id
            where m.value = {column} and {reference.when} and _rule is null
                and comparable({reference.name}) <> comparable(r.name)
        """)
    con.execute(f"""
        update staged set {column} = m.id from matched as m
        where m.value = {column} and {reference.when} and m.ids = 1 and _rule is null
    """)


def _keys(con, contract):
    """Same key twice on one day of publication: equal values are the same again, different ones conflict."""
    key = ", ".join((*contract.key, "published_at"))
    differing = ", ".join(contract.values) or "1"
    con.execute(f"""
        create or replace temp table keyed as
        select
            value_id,
            dense_rank() over (partition by {key} order by ({differing})) as variant,
            row_number() over (partition by {key} order by value_id) as witness
        from staged where _rule is null
        qualify count(*) over (partition by {key}) > 1
    """)
    shown = ", ".join(f"{name}: {name}::varchar" for name in contract.key)
    con.execute(f"""
        update staged set
            _column = '{", ".join(contract.values) or ", ".join(contract.key)}', _rule = 'key_conflict',
            _text = concat_ws(', ', {", ".join(f"{v}::varchar" for v in contract.values) or "''"}),
            _params = to_json({{{shown}}})::varchar
        where value_id in (
            select value_id from staged join (
                select s.value_id as member, max(variant) over (partition by {key}) as variants
                from keyed join staged as s using (value_id)
            ) as k on k.member = value_id
            where variants > 1
        )
    """)
    con.execute(f"""
        insert into build_rejects
        select unit_id, source_rows, coalesce(source_column, ''), _column, _text, _rule, _params
        from staged where _rule is not null;
        insert into same_again
        select unit_id, source_rows from staged join keyed using (value_id) where _rule is null and witness > 1;
        create table {contract.name} as
        select * exclude (_column, _rule, _text, _params) from staged
        where _rule is null and value_id not in (select value_id from keyed where witness > 1)
        order by value_id
    """)
