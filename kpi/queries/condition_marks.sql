-- grain: one series of marks of Adipura items (30 to 90): their mean over the points that were marked, in a window and in
-- the same months a year before
select
    series, any_value(obs_status) as obs_status,
    sum(weighted_sum) filter (where period_start >= $window_start and period_end <= $window_end)
        / sum(sample_sum) filter (where period_start >= $window_start and period_end <= $window_end) as value,
    sum(sample_sum) filter (where period_start >= $window_start and period_end <= $window_end) as sample_size,
    sum(weighted_sum) filter (where period_start >= $before_start and period_end <= $before_end)
        / sum(sample_sum) filter (where period_start >= $before_start and period_end <= $before_end) as value_before
from condition_known
where indicator = 'adipura_item' and values_sampled = values_counted
group by series
having value is not null
order by is_simulated(series), series
