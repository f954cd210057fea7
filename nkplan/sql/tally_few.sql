-- Of what sort each site is, as tally_sites, by its parent and its own year alone: two look-ups a site and not
-- six. What the parents are is in tally_parents.
SELECT site.kind, site.parent, site.year, states.status, states.claimed, states.verified,
       coalesce(states.started, 0) AS started
FROM projects AS site
LEFT JOIN states ON states.project = site.id
WHERE +site.type = 'site' AND site.retracted_in IS NULL;  -- The plus keeps to the order of the table: all of it is read.
