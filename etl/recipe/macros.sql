-- Helpers for [map], [aside] and reshapes: text in, text out. What a helper does not understand it hands
-- back unchanged, so that the contract rejects it and shows its text. docs/datasets.*.md has the examples.
-- `list_transform([x], lambda t: ...)[1]` evaluates x once: a macro's parameter is copied wherever it stands,
-- and macros within macros would grow without end (period_last took 2 s to plan).

-- without blanks of any kind at both ends: spaces, tabs, line ends, the no-break space of web pages
create macro strip(x) as trim(x, ' ' || chr(9) || chr(10) || chr(13) || chr(160));

-- true where a cell says that there is no figure
create macro absent(x) as coalesce(lower(strip(x)) in (
    '', '-', '--', '–', '—', '...', '…', 'n/a', 'na', 'nan', 'null', 'none', '#n/a', 'tidak ada data'
), true);

-- a number in the one form that contracts accept: digits, or decimals that end in e0 (24.325e0).
-- num(x) takes only what can be read in one way; a group of three after one mark (24.325) can be
-- thousands or decimals and is handed back: state the decimal mark with num(x, ',') or num(x, '.')
-- Thousands are grouped by one mark: 1 000.005 is not a million.
create macro num_form(t, thousands, decimals) as case
    when regexp_full_match(t, '[+-]?\d+([.]\d+)?[eE][+-]?\d+') then t
    when regexp_full_match(
        t, '[+-]?(\d+|[1-9]\d{0,2}((\' || thousands || '\d{3})+|( \d{3})+|(\x{a0}\d{3})+))(\' || decimals || '\d+)?'
    ) then regexp_replace(
        replace(regexp_replace(t, '[' || thousands || ' \x{a0}]', '', 'g'), decimals, '.'),
        '([.]\d+)$', '\1e0'
    )
end;
create macro num(x) as case when not absent(x) then coalesce(
        case
            when regexp_full_match(strip(x), '[+-]?[1-9]\d{0,2}[.,]\d{3}') then x
            when regexp_full_match(strip(x), '[+-]?\d{1,3}([.]\d{3}){2,}') then replace(strip(x), '.', '')
            when regexp_full_match(strip(x), '[+-]?\d{1,3}(,\d{3}){2,}') then replace(strip(x), ',', '')
        end,
        num_form(strip(x), '.', ','), num_form(strip(x), ',', '.'), x
    ) end,
    (x, mark) as case when not absent(x) then coalesce(
        if(mark = ',', num_form(strip(x), '.', ','), num_form(strip(x), ',', '.')), x
    ) end;

-- a number in another unit, exactly: times(num(x), 1000) of figures in thousands. What is no number, or has
-- too many digits, is handed back as no number
create macro times(x, factor) as case
    when regexp_full_match(strip(x), '[+-]?\d{1,15}([.]\d{1,12}e0)?') then regexp_replace(regexp_replace(
        (cast(replace(strip(x), 'e0', '') as decimal(27, 12)) * cast(factor as decimal(11, 0)))::varchar,
        '[.]?0+$', ''), '([.]\d+)$', '\1e0')
    when absent(x) then null
    when regexp_full_match(strip(x), '[+-]?\d+(([.]\d+)?[eE][+-]?\d+)?') then x || ' × ' || factor
    else x
end;

-- the number of a month, from a number or from its Indonesian or English name or abbreviation
create macro month(x) as list_transform([x], lambda _m: coalesce(case
    when regexp_full_match(strip(_m), '0?[1-9]|1[0-2]') then ltrim(strip(_m), '0')
    else (cast({
        'januari': '1', 'january': '1', 'jan': '1',
        'februari': '2', 'february': '2', 'pebruari': '2', 'feb': '2', 'peb': '2',
        'maret': '3', 'march': '3', 'mar': '3', 'mrt': '3',
        'april': '4', 'apr': '4', 'mei': '5', 'may': '5',
        'juni': '6', 'june': '6', 'jun': '6', 'juli': '7', 'july': '7', 'jul': '7',
        'agustus': '8', 'august': '8', 'agu': '8', 'agt': '8', 'ags': '8', 'agus': '8', 'aug': '8',
        'september': '9', 'sept': '9', 'sep': '9',
        'oktober': '10', 'october': '10', 'okt': '10', 'oct': '10',
        'november': '11', 'nopember': '11', 'nov': '11', 'nop': '11',
        'desember': '12', 'december': '12', 'des': '12', 'dec': '12'
    } as map(varchar, varchar)))[rtrim(lower(strip(_m)), '.')]
end, _m))[1];

-- a day as yyyy-mm-dd from year, month and day, each as text
create macro two_digits(x) as list_transform([strip(x)], lambda _n: if(regexp_full_match(_n, '\d'), '0' || _n, _n))[1];
create macro ymd(y, m, d) as
    coalesce(strip(y), '') || '-' || coalesce(two_digits(month(m)), '') || '-' || coalesce(two_digits(d), '');

-- a day as yyyy-mm-dd from a text with the day first (17/8/2019, 17-08-2019, 17 Agustus 2019) or, mdy, with
-- the month first; yyyy-mm-dd stays
create macro day_in_text(x, d, m) as case
    when regexp_full_match(strip(x), '\d{1,2}([-/. ])\d{1,2}([-/. ])\d{4}|\d{1,2}[- ][A-Za-z.]+[- ]\d{4}|[A-Za-z.]+ \d{1,2},? \d{4}')
        then ymd(strip(x)[-4:], split_part(regexp_replace(strip(x), '[-/., ]+', ' ', 'g'), ' ', m),
            split_part(regexp_replace(strip(x), '[-/., ]+', ' ', 'g'), ' ', d))
    else x
end;
create macro dmy(x) as day_in_text(x, 1, 2);
create macro mdy(x) as day_in_text(x, 2, 1);

-- the last day of a month; text that is no day is handed back
create macro month_end(day) as coalesce(
    strftime(last_day(if(regexp_full_match(day, '\d{4}-\d{2}-\d{2}'), try_cast(day as date), null)), '%Y-%m-%d'), day
);

-- a quarter's number from 2, II, Q2, TW2, Triwulan II, Quarter 2
create macro quarter_number(x) as (cast({'1': '1', 'i': '1', '2': '2', 'ii': '2', '3': '3', 'iii': '3', '4': '4', 'iv': '4'} as map(varchar, varchar)))[
    regexp_extract(lower(strip(x)), '^(?:q|tw|triwulan|quarter|kuartal)? *([1-4]|i{1,3}|iv)$', 1)];

-- the number of a quarter with its year: 2019-Q2, II 2019; a bare 2 2019 can be a month
create macro period_quarter(t) as case
    when regexp_matches(t, '^\d{4}[ -] *[A-Za-z]') then quarter_number(t[6:])
    when regexp_matches(t, '^[A-Za-z].*[ -]\d{4}$') then quarter_number(t[:-6])
end;

-- the year of two or four digits: 22 is 2022, 99 is 1999
create macro year4(y) as case when length(y) = 2 then if(y < '70', '20', '19') || y else y end;

-- the first day of a period: 2019, 2019-05, 05/2019, Mei 2019, May-19, 1980 JAN, 2019-Q2, Triwulan II 2019, 2019-05-17;
-- of a span a..b the first day of a
create macro period_day(t) as list_transform([regexp_replace(t, ' */ *', '/')], lambda _d: case
    when regexp_full_match(_d, '\d{4}-\d{2}-\d{2}') then _d
    when regexp_full_match(_d, '\d{4}') then _d || '-01-01'
    when regexp_full_match(_d, '\d{4}[-/]\d{1,2}') then ymd(_d[:4], _d[6:], '1')
    when regexp_full_match(_d, '\d{1,2}[-/]\d{4}') then ymd(_d[-4:], _d[:-6], '1')
    when period_quarter(_d) is not null
        then ymd(regexp_extract(_d, '\d{4}'), (period_quarter(_d)::int * 3 - 2)::varchar, '1')
    when regexp_full_match(_d, '\d{4}[ -]+[A-Za-z]+[.]?') and month(trim(_d[5:], ' -')) <> trim(_d[5:], ' -')
        then ymd(_d[:4], trim(_d[5:], ' -'), '1')
    when regexp_full_match(_d, '[A-Za-z]+[. ''-]+(\d{4}|\d{2})')
        and month(regexp_extract(_d, '^[A-Za-z]+')) <> regexp_extract(_d, '^[A-Za-z]+')
        then ymd(year4(regexp_extract(_d, '\d+$')), regexp_extract(_d, '^[A-Za-z]+'), '1')
end)[1];
create macro period(x) as list_transform(
    [x], lambda _p: coalesce(period_day(strip(split_part(_p, '..', 1))), _p)
)[1];

-- D, M, Q, A or, for a span a..b, C: what kind of period a text names
create macro period_frequency(x) as coalesce(list_transform([strip(x)], lambda _f: case
    when contains(_f, '..') then 'C'
    when period_day(_f) is null then null
    when regexp_full_match(_f, '\d{4}-\d{2}-\d{2}') then 'D'
    when regexp_full_match(_f, '\d{4}') then 'A'
    else if(period_quarter(_f) is null, 'M', 'Q')
end)[1], x);

-- the last day of the period of a frequency that begins on a day; null for C, which states its own.
-- Contracts check with it, so it has no lambda (DuckDB takes none there)
create macro period_end(start, frequency) as case
    when not regexp_full_match(start, '\d{4}-\d{2}-\d{2}') or try_cast(start as date) is null then start
    when frequency = 'D' then start
    when frequency = 'M' then strftime(try_cast(start as date) + interval 1 month - interval 1 day, '%Y-%m-%d')
    when frequency = 'Q' then strftime(try_cast(start as date) + interval 3 month - interval 1 day, '%Y-%m-%d')
    when frequency = 'A' then strftime(try_cast(start as date) + interval 1 year - interval 1 day, '%Y-%m-%d')
end;

-- the last day of a period or span: of 2023-01..2023-07 it is 2023-07-31; of 2020-Q1..Q3 2020-09-30
create macro period_of_end(x) as case
    when not contains(x, '..') then strip(x)
    when regexp_full_match(split_part(x, '..', 2), 'Q[1-4]') then x[:4] || '-' || split_part(x, '..', 2)
    else strip(split_part(x, '..', 2))
end;
create macro period_last(x) as coalesce(list_transform(list_transform(
    [period_of_end(x)], lambda _l: {day: period(_l), span: period_frequency(_l)}
), lambda _e: period_end(_e.day, _e.span))[1], x);

-- the latest day that a date of publication can mean: 2020 -> 2020-12-31, 2022-04 -> 2022-04-30
create macro known_by(x) as period_last(x);
-- 'stated' for a full day, 'known_by' where the day was filled in
create macro known_basis(x) as if(regexp_full_match(strip(x), '\d{4}-\d{2}-\d{2}'), 'stated', 'known_by');

-- a moment in UTC, as yyyy-mm-dd hh:mm:ss, from a local clock:
-- utc('07/26/2018 01:05:09 PM', '%m/%d/%Y %I:%M:%S %p', 'America/Los_Angeles')
create macro utc_moment(local, zone) as if(
    timezone(zone, timezone(zone, local)) = local  -- a clock that was put forward skips an hour
        and year(local) >= 1900,  -- %Y took two digits for a year
    strftime(timezone('UTC', timezone(zone, local)), '%Y-%m-%d %H:%M:%S'),
    null
);
-- a moment that tells its own offset (2011-10-11 13:42:22.688+02:00, 2011-10-11T11:42:22Z) needs neither
create macro offset_moment(x) as if(
    regexp_full_match(x, '\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)'),
    timezone('UTC', try_cast(x as timestamptz))::varchar, null
);
create macro utc(x) as if(absent(x), null, coalesce(offset_moment(strip(x)), x || ' (?)')), (x, format, zone) as if(
    absent(x), null, coalesce(
        offset_moment(strip(x)),
        -- a zone within the text would be read by the clock of this machine: state it as the zone
        if(regexp_matches(format::varchar, '%[zZ]'), null, utc_moment(try_strptime(strip(x), format), zone)),
        -- another clock of yyyy-mm-dd would pass for UTC: the zone beside it makes the contract reject it
        if(regexp_matches(strip(x), '^\d{4}-\d{2}-\d{2}'), x || ' (' || zone || ')', x)
    )
);
-- the local day, as yyyy-mm-dd, of a moment in UTC
create macro local_day(x, zone) as coalesce(
    strftime(timezone(zone, timezone('UTC', try_cast(x as timestamp))), '%Y-%m-%d'), x
);

-- two names of one place compare equal: case, spacing, KAB. = KABUPATEN
create macro comparable(x) as regexp_replace(
    regexp_replace(upper(strip(x)), '\s+', ' ', 'g'), '^KAB(\.| )\s*', 'KABUPATEN '
);
