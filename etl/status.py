"""What serves: one row of facts of a city's warehouse, for the command line."""

from etl import warehouse


def standing(folder):
    """A dict of what serves a city: version, built_at, counts and sizes; None where nothing does.

    serving and disk are bytes: of the file that serves, and of all that lies in the folder.
    """
    path = warehouse.current(folder)
    if path is None:
        return None
    con = warehouse.connect(path)
    try:
        found = con.execute("""
            select
                version,
                built_at,
                (select coalesce(sum(len(files)), 0) from units where refusal is null) as files,
                (select count(*) from units where refusal <> 'not_filled')
                    + (select count(*) from datasets where refusal is not null) as refused,
                (select coalesce(sum(rows_read), 0) from units) as rows,
                (select count(*) from rejects) as rejects,
                (select count(*) from findings) as findings
            from version
        """)
        names = [column[0] for column in found.description]
        told = dict(zip(names, found.fetchall()[0], strict=True))
    finally:
        con.close()
    disk = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return told | {"serving": path.stat().st_size, "disk": disk}
