-- grain: one Lebaran: the official day of 1 Syawal
select feast as day from feasts order by feast
