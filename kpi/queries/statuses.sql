-- grain: one status with the flag that it has in a cell of a workbook
select obs_status, flag from obs_status
