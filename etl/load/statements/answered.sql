-- Of what is unusual nothing is asked where it is proven what is wrong with it.
delete from {findings} where severity = 'question' and marks = 'suspect' and len(marked_ids) > 0 and list_has_all(
    (select flatten(list(p.marked_ids)) from {findings} as p where p.severity = 'error' and p.contract = {findings}.contract), marked_ids
)
