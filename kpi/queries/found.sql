-- grain: one finding of a check, as the newest figures give them; as of a day kpi._kept has the checks run on what was
-- known then
from findings
