-- Leave out the rows that stand earlier in the file, but for the first :most of them.
DELETE FROM coming WHERE line IN (SELECT line FROM repeated ORDER BY line LIMIT -1 OFFSET :most);
DELETE FROM brought WHERE line IN (SELECT line FROM repeated ORDER BY line LIMIT -1 OFFSET :most);
DELETE FROM repeated WHERE line IN (SELECT line FROM repeated ORDER BY line LIMIT -1 OFFSET :most);
