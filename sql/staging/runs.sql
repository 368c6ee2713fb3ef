-- Commands that wrote to the ledger.
-- grain: run_id
select * from state.runs
