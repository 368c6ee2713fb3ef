-- Days and sessions of the period that are out of the ordinary, oldest first.
-- grain: anomaly_id
-- columns:
--   anomaly_id         kind, subject and metric
--   anomaly_kind       friction_spike, cost_spike or outlier
--   subject_kind       day or session
--   subject            local date or session id
--   project            of a session
--   metric_name        what is out of the ordinary
--   metric_value       how much
--   baseline_value     mean of the days before, or median of the sessions
--   ratio              by baseline_value, null where that is 0
--   robust_z           of a session
--   observation_count  days or sessions compared with
--   happened_on        local date
select
    anomalies.anomaly_id,
    anomalies.anomaly_kind,
    anomalies.subject_kind,
    anomalies.subject,
    sessions.project,
    anomalies.metric_name,
    anomalies.metric_value,
    anomalies.baseline_value,
    anomalies.ratio,
    anomalies.robust_z,
    anomalies.observation_count,
    anomalies.happened_on
from marts.anomalies
inner join period on anomalies.happened_on >= period.period_start and anomalies.happened_on < period.period_end
left join marts.sessions on anomalies.subject_kind = 'session' and sessions.session_id = anomalies.subject
order by happened_on, anomaly_kind, subject, metric_name
