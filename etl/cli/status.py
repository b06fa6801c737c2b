"""What serves: one row of facts of a city's warehouse, for the command line."""

from contextlib import suppress
from pathlib import Path

from etl import warehouse
from etl.problem import Refused


def standing(folder: Path) -> dict | None:
    """A dict of what serves a city: version, built_at, counts and sizes; None where nothing does.

    serving and disk are bytes: of the file that serves, and of all that lies in the folder. instead
    says why it is not the one that was meant (warehouse.serving). Refused where none can be read.
    """
    meant, _ = warehouse.serving(folder)
    with suppress(Refused):  # what is found damaged serves no more
        if meant:
            warehouse.verify(meant)
    path, instead = warehouse.serving(folder)
    if path is None and instead:
        raise Refused("damaged_warehouse", file=folder.name)
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
    disk = 0
    for file in folder.rglob("*"):
        with suppress(OSError):  # a build may be taking it away
            disk += file.stat().st_size if file.is_file() else 0
    return told | {"serving": path.stat().st_size, "disk": disk, "instead": instead}
