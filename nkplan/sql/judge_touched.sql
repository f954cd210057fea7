-- Keep the states that the projects in `touched` had before, and renew them. `judged` has the columns of `states`.
CREATE TEMP TABLE states_before AS
SELECT * FROM states WHERE project IN (SELECT project FROM touched);
DELETE FROM states WHERE project IN (SELECT project FROM touched);
INSERT INTO states SELECT * FROM judged WHERE project IN (SELECT project FROM touched);
