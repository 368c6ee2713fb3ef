-- What a user said of each tip last.
-- grain: tip_id
select tip_id, arg_max(feedback, (given_at, rowid)) as feedback, max(given_at) as feedback_at
from state.tip_feedback
group by tip_id
