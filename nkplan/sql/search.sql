-- name: find_texts
-- The :most texts that best match the FTS5 expression :match, of the list :list or of all; a negative :most
-- gives all of them. An update's id is its project's, for that is what can be shown, and so is its title.
-- Of those that match alike the order is that of their ids. Which of them are taken, where :most leaves some out, goes
-- by when they were recorded: to sort all by their ids takes twice as long.
SELECT texts.list, texts.text,
       coalesce(updates.project, texts.id) AS id,
       CASE texts.list WHEN 'update' THEN projects.name ELSE texts.title END AS title,
       coalesce(updates.event_date, sources.published, announcements.announced) AS date,
       CASE texts.list WHEN 'update' THEN updates.status ELSE states.status END AS status,
       updates.id AS update_id
FROM (SELECT texts.number, words.rank AS distance
      FROM words
      JOIN texts ON texts.number = words.rowid
      WHERE words MATCH :match AND (:list IS NULL OR texts.list = :list)
      ORDER BY words.rank, texts.number
      LIMIT :most) AS found
JOIN texts ON texts.number = found.number
LEFT JOIN updates ON updates.id = texts.id AND texts.list = 'update'
LEFT JOIN projects ON projects.id = updates.project
LEFT JOIN states ON states.project = texts.id AND texts.list = 'project'
LEFT JOIN sources ON sources.id = texts.id AND texts.list = 'source'
LEFT JOIN announcements ON announcements.id = texts.id AND texts.list = 'announcement'
ORDER BY found.distance, texts.list, texts.id;

-- name: count_found_texts
-- How many texts match the FTS5 expression :match, of the list :list or of all.
SELECT count(*) AS texts
FROM words
JOIN texts ON texts.number = words.rowid
WHERE words MATCH :match AND (:list IS NULL OR texts.list = :list);

-- name: count_texts
-- How many texts of the list :list there are to search in.
SELECT count(*) AS texts FROM texts WHERE list = :list;

-- name: count_all_texts
-- How many texts there are to search in: FTS5 keeps a row for each, which is the smallest that can be counted.
SELECT count(*) AS texts FROM words_docsize;

-- name: index_change
-- Keep what can be searched for of the rows that the change :change recorded. A row that comes back after it was
-- undone has left `texts` in between; ON CONFLICT holds where it has not.
INSERT INTO texts (list, id, title, text, spellings)
SELECT list, id, title, text, spellings FROM searched WHERE change_id = :change
ON CONFLICT (list, id) DO UPDATE
SET title = excluded.title, text = excluded.text, spellings = excluded.spellings;
