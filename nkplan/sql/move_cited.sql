-- The projects with updates that cite a source which is new or replaced: their order, and so their states, may change.
INSERT OR IGNORE INTO moving (project)
SELECT project FROM updates WHERE source IN (SELECT key FROM brought WHERE list = 'sources');
