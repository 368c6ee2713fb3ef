-- Plans and todo lists, as last read from their files.
-- grain: source, place, document_id
select * from state.session_documents
