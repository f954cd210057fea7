-- Whether anything was ever recorded, be it the record that comes with nkplan.
SELECT EXISTS (SELECT 1 FROM kinds)
       OR EXISTS (SELECT 1 FROM changes WHERE command <> 'first run') AS holds;
