-- Delete the terms, the context and the figures of the announcement :announcement.
DELETE FROM announcement_details WHERE announcement = :announcement;
DELETE FROM announcement_figures WHERE announcement = :announcement;
